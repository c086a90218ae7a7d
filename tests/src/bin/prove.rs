//! `prove NAME [--seed N] …`: proves a promise. Prints a table, and as its last line one JSON
//! object; fails where the promise is missed.

#![expect(
    clippy::print_stdout,
    reason = "a command-line tool speaks on standard output"
)]

use anyhow::{Context, bail};
use scenarios::prove::{
    Scale, feed, kill, net, nodes, rekey, rest, revoke, sale, snapshot, surge, tamper,
};

const USAGE: &str = "usage: prove kill [--edits N] [--kills N] | feed [--changes N] [--writers N] | \
     net [--seeds N] [--desks N] | nodes [--agents N] | rekey [--kills N] | rest [--texts N] | revoke [--rounds N] | sale [--rate N] | snapshot [--rows N] [--kills N] | surge [--seeds N] [--days N] | tamper [--flips N], each with [--minutes N] [--seed N]";

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let mut args = std::env::args().skip(1);
    let name = args.next().context(USAGE)?;
    if name == kill::DESK {
        return kill::be_the_desk(args).await;
    }
    if name == kill::SERVER {
        return kill::be_the_server(args).await;
    }
    if name == rekey::CHANGER {
        return rekey::be_the_changer(args);
    }
    if name == nodes::NODE {
        return nodes::be_a_node(args);
    }
    let mut scale = Scale::default();
    if name == "surge" {
        // A year takes a minute or more.
        scale.seeds = 1;
    }
    while let Some(arg) = args.next() {
        let value = args
            .next()
            .with_context(|| format!("{arg} needs a number"))?;
        let number: u64 = value.parse().with_context(|| format!("{arg} {value}"))?;
        match arg.as_str() {
            "--edits" => scale.edits = number,
            "--kills" => scale.kills = number,
            "--changes" => scale.changes = number,
            "--writers" => scale.writers = number.max(1),
            "--flips" => scale.flips = number,
            "--texts" => scale.texts = number,
            "--rounds" => scale.rounds = number,
            "--rows" => scale.rows = number,
            "--agents" => scale.agents = number,
            "--seeds" => scale.seeds = number,
            "--desks" => scale.desks = number,
            "--minutes" => scale.minutes = number,
            "--days" => scale.days = number,
            "--rate" => scale.rate = number,
            "--seed" => scale.seed = number,
            _ => bail!(USAGE),
        }
    }
    let proved = match name.as_str() {
        "feed" => {
            let both = [feed::Back::Sqlite, feed::Back::Postgres];
            tokio::task::spawn_blocking(move || feed::prove(&both, &scale)).await??
        }
        "kill" => {
            let program = std::env::current_exe().context("finding this program's own path")?;
            kill::prove(&program, &scale).await?
        }
        "net" => tokio::task::spawn_blocking(move || net::prove(&scale)).await??,
        "nodes" => {
            let program = std::env::current_exe().context("finding this program's own path")?;
            nodes::prove(&program, &scale).await?
        }
        "rekey" => {
            let program = std::env::current_exe().context("finding this program's own path")?;
            tokio::task::spawn_blocking(move || rekey::prove(&program, &scale)).await??
        }
        "rest" => rest::prove(&scale).await?,
        "revoke" => revoke::prove(&scale).await?,
        "sale" => sale::prove(&scale).await?,
        "snapshot" => snapshot::prove(&scale).await?,
        "surge" => tokio::task::spawn_blocking(move || surge::prove(&scale)).await??,
        "tamper" => tamper::prove(&scale).await?,
        _ => bail!(USAGE),
    };
    print!("{}", proved.table());
    println!("{}", proved.json());
    if !proved.ok {
        bail!(
            "the promise is missed; repeat it with --seed {}",
            proved.seed
        );
    }
    Ok(())
}
