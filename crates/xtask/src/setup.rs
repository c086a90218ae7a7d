//! Installs what a fresh machine lacks, and says what and why.

use std::{fs, process::Command};

use anyhow::{Context, bail};

use crate::step;

/// A Debian package, and what it is for.
type Package = (&'static str, &'static str);

/// What is needed to build, run and test on Debian and Ubuntu.
const PACKAGES: &[Package] = &[
    ("build-essential", "C compiler, for SQLCipher and ring"),
    ("pkg-config", "finds the libraries below"),
    ("libssl-dev", "cipher of the local store (SQLCipher)"),
    ("libwebkit2gtk-4.1-dev", "web view of the window"),
    ("librsvg2-dev", "icons of the window"),
    ("xvfb", "a display for tests without a screen"),
    ("xauth", "opens that display"),
    ("dbus-x11", "a private session bus for tests"),
    (
        "webkit2gtk-driver",
        "drives the real window in tests and in the demo",
    ),
    (
        "chromium",
        "the customer's browser in tests and in the demo",
    ),
    ("xdotool", "moves the window out of sight in tests"),
    ("openbox", "a window manager for tests of two windows"),
    ("x11-utils", "says how the window system has a window"),
    ("gnome-keyring", "the keychain of the tests"),
    ("fonts-noto-cjk", "Chinese glyphs in screenshots"),
    ("python3-dbus", "the notification daemon of the tests"),
    ("python3-gi", "its main loop"),
    (POSTGRESQL, "the other database of the server, for tests"),
];

/// Tests make clusters of their own from its programs, so it is installed without one.
const POSTGRESQL: &str = "postgresql";

/// Installs PostgreSQL without the cluster `main` that the package makes and starts by itself; the
/// setting is put back afterwards, and clusters that are there stay as they are.
const WITHOUT_A_CLUSTER: &str = r#"set -e
conf=/etc/postgresql-common/createcluster.conf
cp -p "$conf" "$conf.before"
trap 'mv -f "$conf.before" "$conf"' EXIT
echo "create_main_cluster = false" >> "$conf"
apt-get install -y -q --no-install-recommends postgresql"#;

/// Installs everything that is missing; quick when nothing is.
pub(crate) fn run() -> anyhow::Result<()> {
    if !step::has("node") || !step::has(if cfg!(windows) { "npm.cmd" } else { "npm" }) {
        bail!("Node.js 20 or newer with npm is needed; install it and run this again");
    }
    system_packages(PACKAGES)?;
    node_packages()
}

/// Installs PostgreSQL alone, if it is missing.
pub(crate) fn postgresql() -> anyhow::Result<()> {
    let it = PACKAGES.iter().copied();
    let it: Vec<Package> = it.filter(|(name, _)| *name == POSTGRESQL).collect();
    system_packages(&it)
}

fn system_packages(packages: &[Package]) -> anyhow::Result<()> {
    if !cfg!(target_os = "linux") {
        println!("{}", other_systems());
        return Ok(());
    }
    if !is_debian() {
        println!("{}", other_systems());
        return Ok(());
    }
    let missing: Vec<Package> = packages
        .iter()
        .copied()
        .filter(|(name, _)| !is_installed(name))
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    println!("Installing with apt-get:");
    for (name, why) in &missing {
        println!("  {name:24} {why}");
    }
    let names: Vec<&str> = missing.iter().map(|(name, _)| *name).collect();
    step::run("apt-get update", &mut as_root(&["apt-get", "update", "-q"]))?;
    let mut args = vec!["apt-get", "install", "-y", "-q", "--no-install-recommends"];
    let plain = names.iter().filter(|name| **name != POSTGRESQL);
    args.extend(plain);
    let has_postgresql = !names.contains(&POSTGRESQL);
    if !has_postgresql {
        args.push("postgresql-common");
    }
    let by_hand = || {
        format!(
            "install them yourself: sudo apt-get install {}",
            names.join(" ")
        )
    };
    step::run("apt-get install", &mut as_root(&args)).with_context(by_hand)?;
    if !has_postgresql {
        step::run(
            "apt-get install postgresql, without a cluster of its own",
            &mut as_root(&["sh", "-c", WITHOUT_A_CLUSTER]),
        )
        .with_context(by_hand)?;
    }
    Ok(())
}

fn as_root(args: &[&str]) -> Command {
    let root = Command::new("id")
        .arg("-u")
        .output()
        .is_ok_and(|out| out.stdout.starts_with(b"0\n"));
    let mut all: Vec<&str> = if root { vec![] } else { vec!["sudo"] };
    all.push("env");
    all.push("DEBIAN_FRONTEND=noninteractive");
    all.extend(args);
    step::command(all[0], &all[1..])
}

fn is_debian() -> bool {
    fs::read_to_string("/etc/os-release").is_ok_and(|text| {
        text.lines()
            .filter(|line| line.starts_with("ID=") || line.starts_with("ID_LIKE="))
            .any(|line| line.contains("debian") || line.contains("ubuntu"))
    })
}

fn is_installed(package: &str) -> bool {
    Command::new("dpkg-query")
        .args(["-W", "-f=${Status}", package])
        .output()
        .is_ok_and(|output| output.stdout == b"install ok installed")
}

fn other_systems() -> &'static str {
    if cfg!(target_os = "macos") {
        "On macOS the compiler tools are needed: xcode-select --install && brew install openssl@3 postgresql"
    } else if cfg!(windows) {
        "On Windows the C++ build tools and WebView2 are needed: winget install Microsoft.VisualStudio.2022.BuildTools Microsoft.EdgeWebView2Runtime"
    } else {
        "This is neither Debian nor Ubuntu; install the like of these yourself.\n  Fedora: sudo dnf install gcc pkgconf openssl-devel webkit2gtk4.1-devel librsvg2-devel xorg-x11-server-Xvfb xauth dbus-x11 chromium xdotool openbox xprop xwininfo postgresql-server google-noto-sans-cjk-fonts python3-dbus python3-gobject\n  Arch: sudo pacman -S base-devel openssl webkit2gtk-4.1 librsvg xorg-server-xvfb xorg-xauth dbus chromium xdotool openbox xorg-xprop xorg-xwininfo postgresql noto-fonts-cjk python-dbus python-gobject"
    }
}

/// `npm ci` in ui/, unless what is installed comes from the same lock file.
fn node_packages() -> anyhow::Result<()> {
    let ui = step::root().join("ui");
    let lock = fs::read(ui.join("package-lock.json")).context("reading ui/package-lock.json")?;
    let stamp = ui.join("node_modules/.lingtai-lock");
    if fs::read(&stamp).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    step::run("npm ci", &mut step::npm(["ci", "--no-fund", "--no-audit"]))?;
    fs::write(stamp, lock).context("noting what is installed")
}
