//! The organisation that every world begins with: made once, then copied.

use std::{path::Path, rc::Rc, sync::Arc};

use anyhow::{Context, Result, ensure};
use lt_backoffice::{Backoffice, Config, sample::FAQ_JSONL};
use lt_db::{Db, ServerKeys};
use lt_model::{Millis, agent::Role};
use lt_protocol::{
    api::{DeviceInfo, LoginRequest, LoginResponse, NewAgent, SetupRequest},
    widget::SessionRequest,
};
use lt_seal::{Key32, Secret, device::DeviceKey, encode::base64url_encode, password::Cost};
use lt_store::{Account, Device, Session, Store};
use tempfile::TempDir;

use super::super::files;

/// When every world begins.
pub(super) const EPOCH: Millis = 1_763_856_000_000;
/// Customers in a world.
pub(super) const N_CUSTOMERS: usize = 8;
/// Entries of the knowledge; they lie in several streams.
const N_ENTRIES: usize = 12;
const PASSWORD: &str = "simulated-passphrase-1";

/// The organisation.
pub(super) struct Office {
    folder: TempDir,
    /// The server's root key.
    pub(super) root: Key32,
    pub(super) admin: String,
    pub(super) seats: Vec<Rc<Seat>>,
    /// Tokens of the customers.
    pub(super) customers: Vec<String>,
}

/// A desk that has signed in.
pub(super) struct Seat {
    pub(super) root: Key32,
    pub(super) account: Account,
}

impl Office {
    pub(super) fn new(n_desks: usize) -> Result<Self> {
        let folder = files::in_memory()?;
        let root = Key32::random()?;
        let backoffice = open(folder.path(), &root)?;
        let code = backoffice
            .set_up_code(EPOCH)?
            .context("a new server has a set-up code")?;
        let made = backoffice.setup(
            SetupRequest {
                code: code.expose().clone(),
                organisation: "聆选旗舰店".to_owned(),
                username: "dianzhang".to_owned(),
                display_name: "店长".to_owned(),
                password: PASSWORD.to_owned(),
                assign: Some(lt_model::routing::Assign::Pick),
            },
            EPOCH,
        )?;
        let device = Device::generate(EPOCH)?;
        let admin = sign_in(&backoffice, "dianzhang", &device)?.token;
        let principal = backoffice.authenticate(&admin, EPOCH)?;
        let report = backoffice.import_faq(&principal, entries(0).as_bytes(), EPOCH)?;
        ensure!(report.errors.is_empty(), "{report:?}");

        let mut seats = Vec::new();
        for n in 0..n_desks {
            // The first one is a lead and sees every group, the others two of three.
            let groups = made.groups.iter().enumerate();
            let mine = groups.filter(|(group, _)| n == 0 || (n + group) % 3 != 0);
            let new = NewAgent {
                username: format!("zuoxi-{n}"),
                display_name: format!("坐席{n}"),
                password: PASSWORD.to_owned(),
                role: if n == 0 { Role::TeamLead } else { Role::Agent },
                groups: mine.map(|(_, group)| group.id).collect(),
                capacity: 50,
            };
            backoffice.create_agent(&principal, new, EPOCH)?;
            let device = Device::generate(EPOCH)?;
            let login = sign_in(&backoffice, &format!("zuoxi-{n}"), &device)?;
            let account = Account {
                server: "http://127.0.0.1:1".to_owned(),
                organisation: login.organisation,
                agent: login.agent,
                device,
                session: Some(Session {
                    id: login.session,
                    token: Secret::new(login.token),
                    expires_at: login.expires_at,
                }),
            };
            let root = Key32::random()?;
            let (store, _) = Store::open(&folder.path().join(desk(n)), &root, EPOCH)?;
            store.set_account(&account, EPOCH)?;
            seats.push(Rc::new(Seat { root, account }));
        }
        let customers = (0..N_CUSTOMERS).map(|n| {
            let request = SessionRequest {
                inbox: made.inbox.public_key.clone(),
                token: None,
                name: format!("顾客{n}"),
                known: Default::default(),
            };
            Ok(backoffice.visitor_session(request, EPOCH)?.token)
        });
        Ok(Self {
            customers: customers.collect::<Result<_>>()?,
            folder,
            root,
            admin,
            seats,
        })
    }

    /// A copy of all its files.
    pub(super) fn copy(&self) -> Result<TempDir> {
        let copy = files::in_memory()?;
        files::copy(self.folder.path(), copy.path())?;
        Ok(copy)
    }
}

/// Opens the server of a folder.
pub(super) fn open(folder: &Path, root: &Key32) -> Result<Arc<Backoffice>> {
    let db = Db::open(&folder.join("lingtai.db"), root)?;
    let config = Config {
        password_cost: Cost::LEAST,
        ..Config::default()
    };
    Ok(Backoffice::open(db, ServerKeys::from_root(root), config)?)
}

/// Name of a desk's folder.
pub(super) fn desk(n: usize) -> String {
    format!("desk-{n}")
}

/// The knowledge, in an edition of its own.
pub(super) fn entries(edition: u64) -> String {
    let lines = FAQ_JSONL.lines().step_by(9).take(N_ENTRIES);
    let edited = lines.map(|line| match edition {
        0 => line.to_owned(),
        _ => line.replacen(
            "\"answer\": \"",
            &format!("\"answer\": \"（第{edition}版）"),
            1,
        ),
    });
    edited.fold(String::new(), |text, line| text + &line + "\n")
}

/// A colleague who begins while the world runs.
pub(super) fn newcomer(n: u64) -> NewAgent {
    NewAgent {
        username: format!("xinren-{n}"),
        display_name: format!("新人{n}"),
        password: PASSWORD.to_owned(),
        role: Role::Agent,
        groups: Vec::new(),
        capacity: 5,
    }
}

fn sign_in(backoffice: &Backoffice, username: &str, device: &Device) -> Result<LoginResponse> {
    let key = DeviceKey::from_pkcs8(&device.key)?;
    let request = LoginRequest {
        username: username.to_owned(),
        password: PASSWORD.to_owned(),
        device: DeviceInfo {
            id: device.id,
            name: username.to_owned(),
            os: "linux".to_owned(),
            public_key: base64url_encode(&key.public()),
        },
    };
    Ok(backoffice.login(request, None, EPOCH)?)
}
