//! The rules of the house, read from `cargo metadata` and from the sources. They are tests, so that
//! a broken rule fails like any other bug.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use serde_json::Value;

use crate::step;

/// Layer of each package: dependencies only go downward, or sideways within a layer.
const LAYERS: &[(&str, u8)] = &[
    ("lt-seal", 0),
    ("lt-model", 1),
    ("lt-protocol", 1),
    ("lt-engine", 2),
    ("lt-search", 2),
    ("lt-guard", 2),
    ("lt-media", 2),
    ("lt-store", 3),
    ("lt-sync", 3),
    ("lt-db", 3),
    ("lt-connect", 3),
    ("lt-console", 4),
    ("lt-backoffice", 4),
    ("lt-server", 5),
    ("lt-devhost", 5),
    ("lingtai-desk", 5),
    ("xtask", 6),
    ("scenarios", 6),
];

/// Crates of the desktop and of the server, which meet only in the layers below.
const DESKTOP: &[&str] = &[
    "lt-store",
    "lt-sync",
    "lt-console",
    "lt-devhost",
    "lingtai-desk",
];
const SERVER: &[&str] = &["lt-db", "lt-connect", "lt-backoffice", "lt-server"];

/// Libraries that only these crates may use.
const RESERVED: &[(&str, &[&str])] = &[
    ("ring", &["lt-seal"]),
    ("rusqlite", &["lt-store", "lt-db", "scenarios"]),
    (
        "reqwest",
        &["lt-sync", "lt-connect", "lt-server", "scenarios"],
    ),
];

/// What pure layers (L1 and L2) must not use.
const IMPURE: &[&str] = &[
    "tokio",
    "rusqlite",
    "reqwest",
    "axum",
    "ring",
    "rand",
    "getrandom",
];

/// Direct dependencies of each package of the workspace, without those of its tests.
fn dependencies() -> BTreeMap<String, BTreeSet<String>> {
    let output = step::cargo([
        "metadata",
        "--format-version",
        "1",
        "--no-deps",
        "--offline",
    ])
    .output()
    .expect("cargo metadata runs");
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("cargo metadata is JSON");
    let packages = metadata["packages"].as_array().expect("packages");
    packages
        .iter()
        .map(|package| {
            let name = package["name"].as_str().expect("name").to_owned();
            let dependencies = package["dependencies"]
                .as_array()
                .expect("dependencies")
                .iter()
                .filter(|dependency| dependency["kind"].as_str() != Some("dev"))
                .map(|dependency| dependency["name"].as_str().expect("name").to_owned())
                .collect();
            (name, dependencies)
        })
        .collect()
}

fn layer(package: &str) -> Option<u8> {
    LAYERS
        .iter()
        .find(|(name, _)| *name == package)
        .map(|(_, layer)| *layer)
}

fn sources(folder: &Path, extensions: &[&str]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        let Ok(entries) = fs::read_dir(&next) else {
            continue;
        };
        for path in entries.flatten().map(|entry| entry.path()) {
            let name = path
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            if path.is_dir() {
                if !["target", "node_modules", "dist", "generated"].contains(&name.as_str()) {
                    folders.push(path);
                }
            } else if extensions.iter().any(|extension| name.ends_with(extension)) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// Lines of the files that contain one of the words, as `path:line: text`.
fn lines_with(files: &[PathBuf], words: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for file in files {
        let text = fs::read_to_string(file).expect("source is UTF-8");
        for (index, line) in text.lines().enumerate() {
            if words.iter().any(|word| line.contains(word)) && !line.trim_start().starts_with("//")
            {
                found.push(format!("{}:{}: {}", file.display(), index + 1, line.trim()));
            }
        }
    }
    found
}

#[test]
fn every_package_has_a_layer_and_depends_downward() {
    for (package, dependencies) in dependencies() {
        let own = layer(&package).unwrap_or_else(|| panic!("{package} has no layer in tidy.rs"));
        for dependency in dependencies {
            if let Some(other) = layer(&dependency) {
                assert!(
                    other <= own,
                    "{package} (L{own}) depends upward on {dependency} (L{other})"
                );
            }
            let tauri = dependency == "tauri" || dependency.starts_with("tauri-");
            assert!(!tauri || own >= 5, "{package} (L{own}) uses {dependency}");
        }
    }
}

#[test]
fn pure_layers_touch_no_clock_no_chance_and_no_outside() {
    let words = [
        "std::net",
        "SystemTime::now",
        "Instant::now",
        "std::process::",
        "std::env::",
        "Uuid::now_v7",
        "Uuid::new_v4",
    ];
    for (package, dependencies) in dependencies() {
        if !matches!(layer(&package), Some(1 | 2)) {
            continue;
        }
        for impure in IMPURE {
            assert!(!dependencies.contains(*impure), "{package} uses {impure}");
        }
        let files: Vec<PathBuf> = sources(
            &step::root().join("crates").join(&package).join("src"),
            &[".rs"],
        )
        .into_iter()
        .filter(|file| {
            !file
                .iter()
                .any(|part| part == "tests" || part == "tests.rs")
        })
        .collect();
        assert!(!files.is_empty(), "{package} has no sources");
        assert_eq!(
            lines_with(&files, &words),
            Vec::<String>::new(),
            "{package}"
        );
        let outside_the_index: Vec<PathBuf> = files
            .into_iter()
            .filter(|file| package != "lt-search" || !file.to_string_lossy().contains("/directory"))
            .collect();
        let opens_files = [
            "File::open",
            "File::create",
            "fs::read",
            "fs::write",
            "OpenOptions",
        ];
        if package != "lt-engine" && package != "lt-protocol" && package != "lt-search" {
            assert_eq!(
                lines_with(&outside_the_index, &opens_files),
                Vec::<String>::new(),
                "{package}"
            );
        }
    }
}

#[test]
fn desktop_and_server_meet_only_below() {
    for (package, dependencies) in dependencies() {
        let wrong: &[&str] = if DESKTOP.contains(&package.as_str()) {
            SERVER
        } else if SERVER.contains(&package.as_str()) {
            DESKTOP
        } else {
            &[]
        };
        for other in wrong {
            assert!(!dependencies.contains(*other), "{package} uses {other}");
        }
    }
}

#[test]
fn reserved_libraries_stay_where_they_belong() {
    for (package, dependencies) in dependencies() {
        for (library, homes) in RESERVED {
            let allowed = homes.contains(&package.as_str());
            assert!(
                allowed || !dependencies.contains(*library),
                "{package} uses {library}"
            );
        }
    }
}

#[test]
fn the_window_reaches_the_shell_in_one_file_only() {
    let ui = step::root().join("ui/src");
    let elsewhere: Vec<PathBuf> = sources(&ui, &[".ts", ".tsx"])
        .into_iter()
        .filter(|file| !file.ends_with("platform/tauri.ts"))
        .collect();
    assert!(!elsewhere.is_empty());
    assert_eq!(
        lines_with(&elsewhere, &["@tauri-apps/"]),
        Vec::<String>::new()
    );
}

#[test]
fn a_feature_never_imports_another() {
    let features = step::root().join("ui/src/features");
    for folder in fs::read_dir(&features).expect("features").flatten() {
        let own = folder.file_name().to_string_lossy().into_owned();
        for file in sources(&folder.path(), &[".ts", ".tsx"]) {
            for line in lines_with(&[file], &["from \""]) {
                let names_another = fs::read_dir(&features)
                    .expect("features")
                    .flatten()
                    .map(|other| other.file_name().to_string_lossy().into_owned())
                    .filter(|other| *other != own)
                    .any(|other| {
                        line.contains(&format!("features/{other}"))
                            || line.contains(&format!("\"../{other}/"))
                    });
                assert!(!names_another, "{line}");
            }
        }
    }
}

#[test]
fn files_stay_small() {
    let root = step::root();
    let rust = ["crates", "src-tauri", "tests"]
        .iter()
        .flat_map(|folder| sources(&root.join(folder), &[".rs"]));
    let screens = sources(&root.join("ui/src"), &[".tsx"]);
    let mut long = Vec::new();
    for (file, most) in rust
        .map(|file| (file, 800))
        .chain(screens.into_iter().map(|file| (file, 400)))
    {
        let lines = fs::read_to_string(&file)
            .expect("source is UTF-8")
            .lines()
            .count();
        if lines > most {
            long.push(format!(
                "{} has {lines} lines, {most} is the end",
                file.display()
            ));
        }
    }
    assert_eq!(long, Vec::<String>::new());
    let shell: usize = sources(&root.join("src-tauri/src"), &[".rs"])
        .iter()
        .map(|file| {
            fs::read_to_string(file)
                .expect("source is UTF-8")
                .lines()
                .count()
        })
        .sum();
    assert!(
        shell < 1_500,
        "the shell has {shell} lines; it should be thin"
    );
}
