//! `prove NAME [--seed N] …`: proves a promise. Prints a table, and as its last line one JSON
//! object; fails where the promise is missed.

#![expect(
    clippy::print_stdout,
    reason = "a command-line tool speaks on standard output"
)]

use anyhow::{Context, bail};
use scenarios::prove::{
    feed, flags, kill, net, nodes, rekey, rest, revoke, sale, snapshot, surge, tamper,
};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let mut args = std::env::args().skip(1);
    let name = args.next().with_context(flags::usage)?;
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
    let scale = flags::read(&name, args)?;
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
        _ => bail!(flags::usage()),
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
