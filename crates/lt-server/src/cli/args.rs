//! What can be said on the command line.

use std::{net::SocketAddr, path::PathBuf};

use clap::{Parser, Subcommand};
use lt_model::agent::Role;
use lt_seal::Secret;

use crate::logs::Format;

/// Lingtai (聆台): the server of a customer-service desk, and its admin commands.
#[derive(Debug, Parser)]
#[command(version, about, max_term_width = 100)]
pub struct Args {
    #[command(subcommand)]
    pub(super) command: Command,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Make a data folder: database key, private certificate authority, server certificate. (初始化)
    Init(Init),
    /// Make the server's certificate again, from the same authority. (续签证书)
    Renew(Renew),
    /// Run the server. The first start prints a one-time set-up code. (启动服务)
    Serve(Serve),
    /// Print the enrolment code that desktops need. (打印接入码)
    Enrol(Enrol),
    /// Make the organisation and its first administrator, once. (首次设置)
    Setup(Setup),
    /// Skill groups. (技能组)
    #[command(subcommand)]
    Group(Group),
    /// Accounts of the desk. (坐席账号)
    #[command(subcommand)]
    Agent(Agent),
    /// Knowledge. (知识库)
    #[command(subcommand)]
    Faq(Faq),
    /// The audit log. (审计日志)
    #[command(subcommand)]
    Audit(Audit),
    /// Make a backup, also while the server runs, or check one. (备份)
    #[command(args_conflicts_with_subcommands = true)]
    Backup(Backup),
    /// Make a new data folder from a backup. (恢复)
    Restore(Restore),
    /// Try the matching engine on files. (引擎试算)
    #[command(subcommand)]
    Engine(Engine),
    /// Try the compliance rules on files. (合规试算)
    #[command(subcommand)]
    Guard(Guard),
    /// Try the numbers of the service on files. (指标试算)
    #[command(subcommand)]
    Metrics(Metrics),
    /// Connectors to other systems, such as logistics. (外部系统连接)
    #[command(subcommand)]
    Connectors(Connectors),
}

#[derive(Debug, clap::Args)]
pub(super) struct Init {
    /// The folder to make.
    #[arg(long, value_name = "DIR")]
    pub(super) data: PathBuf,
    /// Host name or address by which desktops and browsers reach the server; repeat for more.
    #[arg(long = "name", value_name = "HOST", required = true)]
    pub(super) names: Vec<String>,
}

#[derive(Debug, clap::Args)]
pub(super) struct Renew {
    /// The data folder.
    #[arg(long, value_name = "DIR")]
    pub(super) data: PathBuf,
    /// New host names; the present ones are kept when none is given.
    #[arg(long = "name", value_name = "HOST")]
    pub(super) names: Vec<String>,
}

#[derive(Debug, clap::Args)]
pub(super) struct Serve {
    /// The data folder.
    #[arg(long, value_name = "DIR")]
    pub(super) data: PathBuf,
    /// Address and port to listen on.
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8443")]
    pub(super) listen: SocketAddr,
    /// How desktops reach the server, where that differs from its first name and its port.
    #[arg(long, value_name = "URL")]
    pub(super) public_url: Option<String>,
    /// Plain HTTP, for trials on this machine; refused on any other address.
    #[arg(long)]
    pub(super) insecure_http: bool,
    /// A PostgreSQL database that several servers share, postgres://user:password@host:port/name;
    /// outside of this machine with ?sslrootcert=FILE. All of them need the same server.key. Better
    /// given as LINGTAI_DATABASE, which other users do not see. (共享数据库)
    #[arg(long, value_name = "URL", env = "LINGTAI_DATABASE", hide_env_values = true, value_parser = secret)]
    pub(super) database: Option<Secret<String>>,
    /// Connectors to other systems that answers are filled from, as JSON. (连接器配置)
    #[arg(long, value_name = "FILE")]
    pub(super) connectors: Option<PathBuf>,
    /// The folder of a sentence encoder: config.json, tokenizer.json, model.safetensors. Off when
    /// left out. (句向量编码器目录)
    #[arg(long, value_name = "DIR")]
    pub(super) encoder: Option<PathBuf>,
    /// How many MiB of pictures and files one customer may send in 24 hours. (客户每日上传上限)
    #[arg(long, value_name = "MIB", default_value_t = 200, value_parser = clap::value_parser!(u64).range(1..=1_000_000))]
    pub(super) customer_uploads: u64,
    /// How many MiB one agent may. (坐席每日上传上限)
    #[arg(long, value_name = "MIB", default_value_t = 2_000, value_parser = clap::value_parser!(u64).range(1..=1_000_000))]
    pub(super) agent_uploads: u64,
    /// What log lines look like.
    #[arg(long, value_enum, default_value_t)]
    pub(super) log: Format,
}

#[derive(Debug, clap::Args)]
pub(super) struct Enrol {
    /// The data folder.
    #[arg(long, value_name = "DIR")]
    pub(super) data: PathBuf,
    /// How desktops reach the server; by default its first name and port 8443.
    #[arg(long, value_name = "URL")]
    pub(super) url: Option<String>,
}

/// Which server to call, and whom to trust there.
#[derive(Debug, clap::Args)]
pub(super) struct Server {
    /// The server's address, or its enrolment code.
    #[arg(
        long,
        value_name = "URL|CODE",
        env = "LINGTAI_SERVER",
        default_value = "https://127.0.0.1:8443"
    )]
    pub(super) server: String,
    /// The authority's certificate (tls/ca.pem); not needed with an enrolment code.
    #[arg(long, value_name = "FILE", env = "LINGTAI_CA")]
    pub(super) ca: Option<PathBuf>,
}

/// Who calls. The password comes from standard input or from `LINGTAI_PASSWORD`, never from the
/// command line, where other users of the machine can read it.
#[derive(Debug, clap::Args)]
pub(super) struct Account {
    /// Login name of an administrator.
    #[arg(long, value_name = "NAME", env = "LINGTAI_USERNAME")]
    pub(super) username: String,
    /// Read the password from the first line of standard input.
    #[arg(long)]
    pub(super) password_stdin: bool,
}

#[derive(Debug, clap::Args)]
pub(super) struct Setup {
    #[command(flatten)]
    pub(super) server: Server,
    #[command(flatten)]
    pub(super) account: Account,
    /// The one-time code that the server printed.
    #[arg(long)]
    pub(super) code: String,
    /// Name of the organisation, as customers see it.
    #[arg(long, value_name = "NAME", default_value = "客服中心")]
    pub(super) organisation: String,
    /// Shown name of the administrator; the login name when left out.
    #[arg(long, alias = "display-name", value_name = "NAME")]
    pub(super) name: Option<String>,
    /// How waiting conversations find an agent in the first groups. (派单方式)
    #[arg(long, value_enum, default_value_t = Assigned::Auto)]
    pub(super) assign: Assigned,
}

/// How the waiting conversations of a new group find an agent.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
pub(super) enum Assigned {
    /// The server offers them, one at a time. (自动派单)
    Auto,
    /// Agents take them. (手动领取)
    Pick,
}

impl From<Assigned> for lt_model::routing::Assign {
    fn from(assigned: Assigned) -> Self {
        match assigned {
            Assigned::Auto => Self::of_new_group(),
            Assigned::Pick => Self::Pick,
        }
    }
}

#[derive(Debug, Subcommand)]
pub(super) enum Group {
    /// Print the skill groups, one JSON line each.
    List {
        #[command(flatten)]
        server: Server,
        #[command(flatten)]
        account: Account,
    },
    /// Add a skill group; prints it with its id.
    Add {
        #[command(flatten)]
        server: Server,
        #[command(flatten)]
        account: Account,
        /// Shown name, such as 售后一组.
        name: String,
        /// A top category that is routed to it, such as 售后; repeat for more.
        #[arg(long = "category", value_name = "CATEGORY")]
        categories: Vec<String>,
        /// How its waiting conversations find an agent. (派单方式)
        #[arg(long, value_enum, default_value_t = Assigned::Auto)]
        assign: Assigned,
    },
}

#[derive(Debug, Subcommand)]
pub(super) enum Agent {
    /// Add an account; prints it with its id. Its first password is read from
    /// `LINGTAI_NEW_PASSWORD`, or from the next line of standard input with --password-stdin.
    Add {
        #[command(flatten)]
        server: Server,
        #[command(flatten)]
        account: Account,
        /// Its login name.
        login: String,
        /// Its shown name; the login name when left out.
        #[arg(long, alias = "display-name", value_name = "NAME")]
        name: Option<String>,
        /// agent, team_lead or admin.
        #[arg(long, default_value = "agent", value_parser = role)]
        role: Role,
        /// Name or id of a skill group that it works in; repeat for more. All groups when left out.
        #[arg(long = "group", value_name = "GROUP")]
        groups: Vec<String>,
        /// How many conversations it holds at most.
        #[arg(long, default_value_t = 8)]
        capacity: u16,
    },
    /// Set the skill groups that an account works in; prints it. Its desktops drop what they have of
    /// others, and what it was busy with there goes back to the queues. (调整技能组)
    Groups {
        #[command(flatten)]
        server: Server,
        #[command(flatten)]
        account: Account,
        /// Its login name or id.
        who: String,
        /// Name or id of a skill group; repeat for more.
        #[arg(long = "group", value_name = "GROUP", required_unless_present = "none")]
        groups: Vec<String>,
        /// No group at all.
        #[arg(long, conflicts_with = "groups")]
        none: bool,
    },
}

#[derive(Debug, Subcommand)]
pub(super) enum Faq {
    /// Import JSON lines and publish them; nothing is published unless every line is right.
    Import {
        #[command(flatten)]
        server: Server,
        #[command(flatten)]
        account: Account,
        /// The file.
        file: PathBuf,
    },
    /// Print the published knowledge as JSON lines.
    Export {
        #[command(flatten)]
        server: Server,
        #[command(flatten)]
        account: Account,
    },
}

#[derive(Debug, Subcommand)]
pub(super) enum Audit {
    /// Check the chain of the audit log, also while the server runs.
    Verify {
        /// The data folder.
        #[arg(long, value_name = "DIR")]
        data: PathBuf,
    },
}

#[derive(Debug, clap::Args)]
pub(super) struct Backup {
    #[command(subcommand)]
    pub(super) command: Option<BackupCommand>,
    #[command(flatten)]
    pub(super) make: Option<BackupMake>,
}

#[derive(Debug, clap::Args)]
pub(super) struct BackupMake {
    /// The data folder of the server, which may be running.
    #[arg(long, value_name = "DIR")]
    pub(super) data: PathBuf,
    /// The file to write; it must not be there.
    #[arg(long, value_name = "FILE")]
    pub(super) out: PathBuf,
}

#[derive(Debug, Subcommand)]
pub(super) enum BackupCommand {
    /// Read a backup to its end and check everything in it. (校验)
    Verify {
        /// The backup.
        #[arg(long = "in", value_name = "FILE")]
        input: PathBuf,
        #[command(flatten)]
        key: RootKey,
    },
    /// Seal standard input, such as a dump by pg_dump, into a file that only the server's key opens.
    Seal {
        #[command(flatten)]
        key: RootKey,
        /// The file to write; it must not be there.
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
    /// Write what was sealed to standard output.
    Unseal {
        /// The sealed file.
        #[arg(long = "in", value_name = "FILE")]
        input: PathBuf,
        #[command(flatten)]
        key: RootKey,
    },
}

/// Where the root key is.
#[derive(Debug, clap::Args)]
#[group(required = true, multiple = false)]
pub(super) struct RootKey {
    /// The server's key file.
    #[arg(long, value_name = "FILE")]
    pub(super) key: Option<PathBuf>,
    /// The data folder, whose key file is taken.
    #[arg(long, value_name = "DIR")]
    pub(super) data: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
pub(super) struct Restore {
    /// The folder to make; it may be there if it is empty.
    #[arg(long, value_name = "DIR")]
    pub(super) data: PathBuf,
    /// The backup.
    #[arg(long = "in", value_name = "FILE")]
    pub(super) input: PathBuf,
    /// The server's key file, which is in no backup.
    #[arg(long, value_name = "FILE")]
    pub(super) key: PathBuf,
}

#[derive(Debug, Subcommand)]
pub(super) enum Engine {
    /// What the engine would do with each query: one JSON line a query.
    Match {
        /// The knowledge, JSON lines.
        #[arg(long, value_name = "FILE")]
        kb: PathBuf,
        /// The queries, JSON lines.
        #[arg(long, value_name = "FILE")]
        queries: PathBuf,
        /// Earlier questions with the entry that was right, JSON lines.
        #[arg(long, value_name = "FILE")]
        train: Option<PathBuf>,
        /// Threads to work with.
        #[arg(long, default_value_t = 1)]
        threads: usize,
    },
    /// Learns from labelled texts and gives each text its label: one JSON line a text.
    Classify {
        /// Texts with their labels, JSON lines.
        #[arg(long, value_name = "FILE")]
        train: PathBuf,
        /// The texts, JSON lines.
        #[arg(long, value_name = "FILE")]
        test: PathBuf,
        /// Threads to work with; as many as the machine has, if not given.
        #[arg(long)]
        threads: Option<usize>,
    },
    /// How well the engine does on labelled questions: tables, and one JSON line. (评测)
    Eval {
        /// The knowledge, JSON lines.
        #[arg(long, value_name = "FILE")]
        kb: PathBuf,
        /// The labelled questions, JSON lines.
        #[arg(long, value_name = "FILE")]
        queries: PathBuf,
        /// Earlier questions with the entry that was right, JSON lines.
        #[arg(long, value_name = "FILE")]
        train: Option<PathBuf>,
        /// Write a page with charts here. (评测报告)
        #[arg(long, value_name = "HTML")]
        out: Option<PathBuf>,
    },
    /// Train what a knowledge base alone trains, and keep it sealed for a quick start. (训练)
    Train {
        /// The knowledge, JSON lines.
        #[arg(long, value_name = "FILE")]
        kb: PathBuf,
        /// The folder that keeps it.
        #[arg(long, value_name = "DIR")]
        out: PathBuf,
        /// The key that seals it, 64 hexadecimal digits; made where there is none. The folder's
        /// name with .key at its end, if not given.
        #[arg(long, value_name = "FILE")]
        key_file: Option<PathBuf>,
    },
    /// Why the first candidates of one question stand where they stand. (解释)
    Explain {
        /// The knowledge, JSON lines.
        #[arg(long, value_name = "FILE")]
        kb: PathBuf,
        /// The customer's message.
        #[arg(long, value_name = "TEXT")]
        query: String,
        /// An earlier turn, such as customer:退款呢 or agent:已收到; repeat for more, oldest first.
        #[arg(long, value_name = "ROLE:TEXT")]
        history: Vec<String>,
        /// All channels as one JSON line, instead of a table.
        #[arg(long)]
        json: bool,
    },
    /// What a knowledge base lacks: confusable entries, few wordings, same answers. (知识体检)
    Health {
        /// The knowledge, JSON lines.
        #[arg(long, value_name = "FILE")]
        kb: PathBuf,
        /// The whole report as one JSON line, instead of a table.
        #[arg(long)]
        json: bool,
    },
}

#[derive(Debug, Subcommand)]
pub(super) enum Guard {
    /// Which personal data is in each text: one JSON line a text.
    Pii {
        /// The texts, JSON lines.
        #[arg(long = "in", value_name = "FILE")]
        input: PathBuf,
    },
}

#[derive(Debug, Subcommand)]
pub(super) enum Metrics {
    /// The numbers of each log of a file: one JSON line a log.
    Compute {
        /// The logs, one JSON object.
        #[arg(long = "in", value_name = "FILE")]
        input: PathBuf,
        /// Name the conversations behind each number too.
        #[arg(long)]
        ids: bool,
    },
}

#[derive(Debug, Subcommand)]
pub(super) enum Connectors {
    /// Seal the value of a header, read from the first line of standard input, for the
    /// configuration of this server's connectors.
    Seal {
        /// The data folder.
        #[arg(long, value_name = "DIR")]
        data: PathBuf,
    },
    /// Check a configuration of connectors; nothing is called.
    Check {
        /// The data folder.
        #[arg(long, value_name = "DIR")]
        data: PathBuf,
        /// The configuration.
        file: PathBuf,
    },
}

fn role(text: &str) -> Result<Role, String> {
    match text {
        "agent" => Ok(Role::Agent),
        "team_lead" => Ok(Role::TeamLead),
        "admin" => Ok(Role::Admin),
        _ => Err("agent, team_lead or admin".to_owned()),
    }
}

/// Takes a value that is not to be shown.
#[expect(clippy::unnecessary_wraps, reason = "the form that the parser wants")]
fn secret(text: &str) -> Result<Secret<String>, std::convert::Infallible> {
    Ok(Secret::new(text.to_owned()))
}
