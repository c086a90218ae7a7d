//! The set-up: a one-time code makes the organisation and its first administrator.

use lt_db::{
    Acted, Reader, Tx, feed,
    table::{
        agent,
        inbox::{self, Inbox},
        org, setup_code, skill_group,
    },
};
use lt_model::{
    Millis,
    agent::{Agent, Presence, Role, SkillGroup},
    audit::Actor,
    change::StreamKind,
    contact::ChannelKind,
    id::GroupId,
    routing::{Assign, RETURN_AFTER_MS},
};
use lt_protocol::{
    api::SetupRequest,
    code::{Code, WireError},
};
use lt_seal::{
    Secret, constant_time_eq, encode::base64url_encode, hmac_sha256, random::normalise_code,
    random_bytes, random_code,
};

use super::field;
use crate::{
    audit,
    backoffice::Backoffice,
    error::{Error, Refused},
    ids, tickets,
};

/// The groups of a new organisation, with the top categories that are routed to them. The first
/// one gets what nobody has sorted yet.
const GROUPS: [(&str, &str); 3] = [("售前组", "售前"), ("售后组", "售后"), ("投诉专席", "投诉")];
const INBOX_NAME: &str = "网页客服";
const ADMIN_CAPACITY: u16 = 5;

/// What the set-up made.
#[derive(Clone, Debug)]
pub struct SetUp {
    /// The administrator.
    pub agent: Agent,
    /// The groups, and the web inbox with its key.
    pub groups: Vec<SkillGroup>,
    /// Where customers write.
    pub inbox: Inbox,
}

impl Backoffice {
    /// A new one-time code while the set-up is not done; earlier ones are void then. Print it
    /// where only the operator reads.
    ///
    /// # Errors
    /// When the store fails.
    pub fn set_up_code(&self, now: Millis) -> Result<Option<Secret<String>>, WireError> {
        if self.is_set_up()? {
            return Ok(None);
        }
        let code = random_code().map_err(Error::from)?;
        let hash = self.code_hash(&code);
        self.act(|tx| {
            setup_code::replace(tx, hash, now)?;
            let object = audit::object("setup_code", "1");
            let entry = audit::allowed(now, Actor::System, "setup_code.create", object);
            Ok(Acted::logged(Ok(()), entry))
        })?;
        Ok(Some(code))
    }

    /// Makes the organisation, its first administrator, its groups and its web inbox, once.
    ///
    /// # Errors
    /// [`Code::SetupCode`] when the code is wrong or used; [`Code::BadRequest`].
    pub fn setup(&self, request: SetupRequest, now: Millis) -> Result<SetUp, WireError> {
        Ok(self.set_up(request, now)?)
    }

    fn set_up(&self, request: SetupRequest, now: Millis) -> Result<SetUp, Error> {
        let organisation = field::display_name(&request.organisation)?;
        let username = field::account_name(&request.username)?;
        let display_name = field::display_name(&request.display_name)?;
        let password = field::password(&request.password, &username)?;
        let typed = normalise_code(&request.code).map(|code| self.code_hash(&code));
        // A wrong code shall not cost a password hash.
        let is_right = self.read(|reader| is_code(reader, typed))?;
        let hash = match is_right {
            true => self.hash_password(&password)?,
            false => String::new(),
        };
        self.act(|tx| {
            if !is_code(tx, typed)? || hash.is_empty() {
                let why = Refused::new(Code::SetupCode, "the code is wrong or used");
                let object = audit::object("setup_code", "1");
                let entry = audit::denied(now, Actor::System, "org.setup", object, why);
                return Ok(Acted::logged(Err(why), entry));
            }
            setup_code::remove(tx)?;
            org::insert(tx, &organisation, now)?;
            // Rules come by a step in the background: the administrator may be at the desk by then.
            feed::begin(tx, &StreamKind::Watch)?;
            let groups = make_groups(tx, request.assign.unwrap_or(Assign::of_new_group()), now)?;
            tickets::kinds::seed(tx, &groups, now)?;
            let agent = Agent {
                id: ids::new(now)?,
                username,
                display_name,
                role: Role::Admin,
                groups: groups.iter().map(|group| group.id).collect(),
                presence: Presence::Offline,
                capacity: ADMIN_CAPACITY,
                capacities: Vec::new(),
                skills: Vec::new(),
            };
            agent::insert(tx, &agent, &hash, now)?;
            let made = SetUp {
                inbox: make_inbox(tx, agent.groups.first().copied(), now)?,
                agent,
                groups,
            };
            let object = audit::account(made.agent.id);
            let entry = audit::allowed(now, Actor::System, "org.setup", object);
            Ok(Acted::logged(Ok(made), entry))
        })
    }

    fn code_hash(&self, code: &Secret<String>) -> [u8; 32] {
        hmac_sha256(&self.keys.pepper, &[b"setup-code/v1", code.as_bytes()])
    }
}

/// Whether this is the hash of the code that is good now.
fn is_code(reader: &Reader<'_>, typed: Option<[u8; 32]>) -> Result<bool, lt_db::DbError> {
    let stored = setup_code::hash(reader)?;
    Ok(org::name(reader)?.is_none()
        && typed
            .zip(stored)
            .is_some_and(|(typed, stored)| constant_time_eq(&typed, &stored)))
}

fn make_groups(tx: &Tx<'_>, assign: Assign, now: Millis) -> Result<Vec<SkillGroup>, Error> {
    // Groups are listed by id: a millisecond apart they keep this order.
    (0..)
        .zip(GROUPS)
        .map(|(group_idx, (name, category))| {
            let group = SkillGroup {
                id: ids::new(now + group_idx)?,
                name: name.to_owned(),
                categories: vec![category.to_owned()],
                assign,
                capacities: Vec::new(),
                return_after_ms: Some(RETURN_AFTER_MS),
            };
            skill_group::insert(tx, &group)?;
            Ok(group)
        })
        .collect()
}

fn make_inbox(tx: &Tx<'_>, group: Option<GroupId>, now: Millis) -> Result<Inbox, Error> {
    let inbox = Inbox {
        id: ids::new(now)?,
        kind: ChannelKind::Web,
        public_key: base64url_encode(&random_bytes::<12>()?),
        name: INBOX_NAME.to_owned(),
        group: group.ok_or(lt_db::DbError::Missing("skill_group"))?,
        hours: None,
        survey: lt_model::survey::SurveySettings::default(),
    };
    inbox::insert(tx, &inbox)?;
    Ok(inbox)
}
