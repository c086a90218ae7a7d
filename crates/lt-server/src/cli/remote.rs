//! Commands that call a running server.

use std::{
    fs,
    io::{self, BufRead, Read},
};

use anyhow::{Context, Result, bail, ensure};
use lt_model::{
    agent::{Agent as AgentAccount, SkillGroup},
    id::GroupId,
};
use lt_protocol::{
    api::{
        AgentGroups, ImportReport, MAX_IMPORT_BYTES, NewAgent, NewGroup, SetupRequest,
        SetupResponse,
    },
    enrol::{Enrolment, PREFIX},
};
use lt_seal::Secret;

use super::{
    admin::{Admin, post_open},
    args::{Account, Agent, Faq, Group, Server, Setup},
    note, say,
};
use crate::pki;

/// The longest password line that is read, in bytes.
const MAX_PASSWORD_BYTES: u64 = 4 * 1024;

pub(super) fn setup(args: Setup) -> Result<()> {
    let server = args.server.enrolment()?;
    let password = args.account.password(&mut io::stdin().lock())?;
    let request = SetupRequest {
        code: args.code,
        organisation: args.organisation,
        display_name: args.name.unwrap_or_else(|| args.account.username.clone()),
        username: args.account.username,
        password: password.expose().clone(),
        assign: Some(args.assign.into()),
    };
    let answer = post_open(&server, "/api/v1/setup", &request).context("the set-up was refused")?;
    let made: SetupResponse = serde_json::from_slice(&answer)?;
    say(&serde_json::to_string(&made)?);
    note(&format!(
        "\nThe organisation is set up. Customers chat at (设置完成，客户聊天地址)\n  {url}/chat/{key}\n\
         and on any page with this tag (或在网页中加入)\n  \
         <script src=\"{url}/widget.js\" data-inbox=\"{key}\" async></script>",
        url = server.url(),
        key = made.inbox_key
    ));
    Ok(())
}

pub(super) fn group(args: Group) -> Result<()> {
    match args {
        Group::List { server, account } => {
            let admin = sign_in(&server, &account, None)?;
            for group in groups(&admin)? {
                say(&serde_json::to_string(&group)?);
            }
            admin.sign_out()
        }
        Group::Add {
            server,
            account,
            name,
            categories,
            assign,
        } => {
            let admin = sign_in(&server, &account, None)?;
            let new = NewGroup {
                name,
                categories,
                assign: Some(assign.into()),
            };
            let group: SkillGroup = admin.post("/api/v1/groups", &new)?;
            say(&serde_json::to_string(&group)?);
            admin.sign_out()
        }
    }
}

pub(super) fn agent(args: Agent) -> Result<()> {
    let (server, account, login, name, role, wanted, capacity) = match args {
        Agent::Add {
            server,
            account,
            login,
            name,
            role,
            groups,
            capacity,
        } => (server, account, login, name, role, groups, capacity),
        Agent::Groups {
            server,
            account,
            who,
            groups,
            none,
        } => return agent_groups(&server, &account, &who, &groups, none),
    };
    let mut first_password = env_secret("LINGTAI_NEW_PASSWORD");
    let admin = sign_in(&server, &account, Some(&mut first_password))?;
    let Some(first_password) = first_password else {
        bail!(
            "no password for the new account: set LINGTAI_NEW_PASSWORD, or give it as the second \
             line of standard input (请提供新账号的初始密码)"
        )
    };
    let groups = pick(&wanted, &groups(&admin)?)?;
    let agent: AgentAccount = admin.post(
        "/api/v1/agents",
        &NewAgent {
            display_name: name.unwrap_or_else(|| login.clone()),
            username: login,
            password: first_password.expose().clone(),
            role,
            groups,
            capacity,
        },
    )?;
    say(&serde_json::to_string(&agent)?);
    admin.sign_out()
}

fn agent_groups(
    server: &Server,
    account: &Account,
    who: &str,
    wanted: &[String],
    none: bool,
) -> Result<()> {
    let admin = sign_in(server, account, None)?;
    let groups = match none {
        true => Vec::new(),
        false => pick(wanted, &groups(&admin)?)?,
    };
    let path = format!("/api/v1/agents/{who}/groups");
    let agent: AgentAccount = admin.put(&path, &AgentGroups { groups })?;
    say(&serde_json::to_string(&agent)?);
    admin.sign_out()
}

fn groups(admin: &Admin) -> Result<Vec<SkillGroup>> {
    let answer = admin.call("GET", "/api/v1/groups", b"")?;
    serde_json::from_slice(&answer).context("the answer is not the expected JSON")
}

/// The ids of groups named by name or id; all of them where none is named.
fn pick(wanted: &[String], groups: &[SkillGroup]) -> Result<Vec<GroupId>> {
    if wanted.is_empty() {
        return Ok(groups.iter().map(|group| group.id).collect());
    }
    wanted
        .iter()
        .map(|wanted| {
            groups
                .iter()
                .find(|group| group.name == *wanted || group.id.to_string() == *wanted)
                .map(|group| group.id)
                .with_context(|| format!("there is no skill group {wanted} (没有这个技能组)"))
        })
        .collect()
}

pub(super) fn faq(args: Faq) -> Result<()> {
    match args {
        Faq::Import {
            server,
            account,
            file,
        } => {
            let bytes = fs::read(&file)
                .with_context(|| format!("cannot read {} (无法读取文件)", file.display()))?;
            ensure!(
                bytes.len() <= MAX_IMPORT_BYTES,
                "{} is longer than 16 MiB: split it (文件过大，请拆分后导入)",
                file.display()
            );
            let admin = sign_in(&server, &account, None)?;
            let answer = admin.call("POST", "/api/v1/faq/import", &bytes)?;
            let report: ImportReport = serde_json::from_slice(&answer)?;
            admin.sign_out()?;
            report_import(&file.display().to_string(), &report)
        }
        Faq::Export { server, account } => {
            let admin = sign_in(&server, &account, None)?;
            let lines = admin.call("GET", "/api/v1/faq/export", b"")?;
            io::Write::write_all(&mut io::stdout().lock(), &lines)?;
            admin.sign_out()
        }
    }
}

fn report_import(file: &str, report: &ImportReport) -> Result<()> {
    say(&serde_json::to_string(report)?);
    if report.errors.is_empty() {
        return Ok(());
    }
    let lines: Vec<String> = report
        .errors
        .iter()
        .map(|error| format!("{file}:{}: {}", error.line, error.message))
        .collect();
    bail!(
        "nothing was published (未发布任何内容，请先改正):\n{}",
        lines.join("\n")
    )
}

/// Signs in. With `second`, the next line of standard input fills it where it is still empty.
fn sign_in(
    server: &Server,
    account: &Account,
    second: Option<&mut Option<Secret<String>>>,
) -> Result<Admin> {
    let enrolment = server.enrolment()?;
    let mut input = io::stdin().lock();
    let password = account.password(&mut input)?;
    if let Some(second) = second
        && second.is_none()
        && account.password_stdin
    {
        *second = Some(password_line(&mut input)?);
    }
    Admin::sign_in(&enrolment, &account.username, &password)
}

impl Server {
    fn enrolment(&self) -> Result<Enrolment> {
        if self.server.starts_with(PREFIX) {
            return self.server.parse().context("--server");
        }
        if self.server.starts_with("http://") {
            return Enrolment::loopback(&self.server)
                .context("http:// is for the loopback address only (明文 HTTP 只能用于本机地址)");
        }
        let Some(ca) = &self.ca else {
            bail!(
                "--ca FILE is needed with an https address: it is tls/ca.pem of the data folder; \
                 or give the enrolment code as --server (请提供 CA 证书或接入码)"
            )
        };
        let certificate = pki::certificate(ca)?;
        Enrolment::tls(&self.server, certificate.as_ref()).context("--server")
    }
}

impl Account {
    fn password(&self, input: &mut impl BufRead) -> Result<Secret<String>> {
        if self.password_stdin {
            return password_line(input);
        }
        env_secret("LINGTAI_PASSWORD")
            .context("no password: use --password-stdin or set LINGTAI_PASSWORD (请提供密码)")
    }
}

fn env_secret(name: &str) -> Option<Secret<String>> {
    std::env::var(name)
        .ok()
        .filter(|text| !text.is_empty())
        .map(Secret::new)
}

fn password_line(input: &mut impl BufRead) -> Result<Secret<String>> {
    let mut line = String::new();
    let read = input.take(MAX_PASSWORD_BYTES).read_line(&mut line);
    let line = Secret::new(line);
    read.context("cannot read the password")?;
    let password = Secret::from(line.expose().trim_end_matches(['\r', '\n']));
    ensure!(
        !password.expose().is_empty(),
        "the password is empty (密码为空)"
    );
    Ok(password)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_come_line_by_line() {
        let mut input = "first one\r\nsecond\n\n".as_bytes();
        assert_eq!(password_line(&mut input).unwrap().expose(), "first one");
        assert_eq!(password_line(&mut input).unwrap().expose(), "second");
        assert!(password_line(&mut input).is_err());
    }

    #[test]
    fn groups_are_named_or_all() {
        let group = |name: &str, id: u128| SkillGroup {
            id: GroupId(uuid::Uuid::from_u128(id)),
            name: name.to_owned(),
            categories: Vec::new(),
            assign: lt_model::routing::Assign::default(),
            capacities: Vec::new(),
            return_after_ms: Some(lt_model::routing::RETURN_AFTER_MS),
        };
        let groups = [group("售前组", 1), group("售后组", 2)];
        assert_eq!(pick(&[], &groups).unwrap().len(), 2);
        let by_both = ["售后组".to_owned(), groups[0].id.to_string()];
        let picked = pick(&by_both, &groups).unwrap();
        assert_eq!(picked, [groups[1].id, groups[0].id]);
        assert!(pick(&["没有".to_owned()], &groups).is_err());
    }
}
