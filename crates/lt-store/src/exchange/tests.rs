use super::*;

/// Where a file stands when the program is killed.
#[derive(Clone, Copy, Debug)]
enum At {
    /// The former one is in its place.
    Before,
    /// It is aside, and the restored one has not come.
    Between,
    /// The restored one is in its place.
    After,
    /// The same, and there was none before.
    AfterNone,
}

const PLACES: [At; 3] = [At::Before, At::Between, At::After];
const FORMER: &str = "former-20261126-231500";

fn plan() -> Plan {
    Plan {
        former: FORMER.to_owned(),
        names: STORE_AND_KEYS.iter().map(|&name| name.to_owned()).collect(),
    }
}

/// A folder in which each file stands somewhere else.
fn killed(at: &[At]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let in_folder = |name: &str| folder.path().join(name);
    fs::create_dir(in_folder(files::RESTORED_FOLDER)).unwrap();
    fs::create_dir(in_folder(FORMER)).unwrap();
    for (name, at) in STORE_AND_KEYS.iter().zip(at) {
        let (restored, former) = match at {
            At::Before => (files::RESTORED_FOLDER, Some("")),
            At::Between => (files::RESTORED_FOLDER, Some(FORMER)),
            At::After => ("", Some(FORMER)),
            At::AfterNone => ("", None),
        };
        fs::write(in_folder(restored).join(name), format!("restored {name}")).unwrap();
        if let Some(former) = former {
            fs::write(in_folder(former).join(name), format!("former {name}")).unwrap();
        }
    }
    fs::write(in_folder(files::EXCHANGE), plan().to_text()).unwrap();
    folder
}

fn text(path: &Path) -> Option<String> {
    fs::read_to_string(path).ok()
}

/// Every way in which the files may stand.
fn every_kill() -> Vec<Vec<At>> {
    let mut ways = vec![Vec::new()];
    for _ in STORE_AND_KEYS {
        ways = ways
            .iter()
            .flat_map(|way| PLACES.map(|at| [way.as_slice(), &[at]].concat()))
            .collect();
    }
    // The copy of the keys had been lost before.
    ways.push(vec![At::Between, At::AfterNone, At::Before, At::Before]);
    ways
}

#[test]
fn a_start_after_a_kill_goes_on_to_the_restored_files() {
    for at in every_kill() {
        let folder = killed(&at);
        settle(folder.path()).unwrap();
        for (name, at) in STORE_AND_KEYS.iter().zip(&at) {
            let (place, former) = (
                text(&folder.path().join(name)),
                text(&folder.path().join(FORMER).join(name)),
            );
            let was = (!matches!(at, At::AfterNone)).then(|| format!("former {name}"));
            assert_eq!((place, former), (Some(format!("restored {name}")), was));
        }
        assert!(!folder.path().join(files::EXCHANGE).exists());
        assert!(!folder.path().join(files::RESTORED_FOLDER).exists());
        settle(folder.path()).unwrap();
    }
}

#[test]
fn a_failure_goes_back_to_the_former_files_from_wherever_it_was() {
    for at in every_kill() {
        let folder = killed(&at);
        back(folder.path(), &plan()).unwrap();
        for (name, at) in STORE_AND_KEYS.iter().zip(&at) {
            let place = text(&folder.path().join(name));
            let was = (!matches!(at, At::AfterNone)).then(|| format!("former {name}"));
            assert_eq!(place, was, "{at:?}");
        }
        assert!(!folder.path().join(FORMER).exists());
        assert!(!folder.path().join(files::EXCHANGE).exists());
    }
}

#[test]
fn where_the_restored_files_are_lost_a_start_goes_back_to_the_former_ones() {
    let is_lost = |way: &Vec<At>| way.iter().any(|at| matches!(at, At::Between));
    let had_all = |way: &Vec<At>| !way.iter().any(|at| matches!(at, At::AfterNone));
    for at in every_kill()
        .into_iter()
        .filter(|way| is_lost(way) && had_all(way))
    {
        let folder = killed(&at);
        fs::remove_dir_all(folder.path().join(files::RESTORED_FOLDER)).unwrap();
        settle(folder.path()).unwrap();
        for name in STORE_AND_KEYS {
            let place = text(&folder.path().join(name));
            assert_eq!(place, Some(format!("former {name}")), "{at:?}");
        }
        for gone in [FORMER, files::EXCHANGE, files::RESTORED_FOLDER] {
            assert!(!folder.path().join(gone).exists(), "{at:?}: {gone}");
        }
    }
}

#[test]
fn a_database_goes_aside_with_its_log_and_the_keys_that_stay_are_copied() {
    let folder = tempfile::tempdir().unwrap();
    let restored = folder.path().join(files::RESTORED_FOLDER);
    fs::create_dir(&restored).unwrap();
    for name in ["store.db", "store.db-wal", "store.key-id", "keys.json"] {
        fs::write(folder.path().join(name), "former").unwrap();
    }
    for name in STORE_ALONE {
        fs::write(restored.join(name), "restored").unwrap();
    }
    let plan = Plan {
        former: FORMER.to_owned(),
        names: STORE_ALONE.iter().map(|&name| name.to_owned()).collect(),
    };
    forward(folder.path(), &plan, &mut || ()).unwrap();
    let aside = folder.path().join(FORMER);
    for name in ["store.db", "store.db-wal", "store.key-id", "keys.json"] {
        assert_eq!(text(&aside.join(name)).as_deref(), Some("former"), "{name}");
    }
    assert_eq!(
        text(&folder.path().join("keys.json")).as_deref(),
        Some("former")
    );
    assert_eq!(text(&folder.path().join("store.db-wal")), None);
    // What a copying left that was cut short goes too.
    fs::write(aside.join("keys.json.tmp"), "form").unwrap();
    back(folder.path(), &plan).unwrap();
    for name in ["store.db", "store.db-wal", "store.key-id", "keys.json"] {
        let back = text(&folder.path().join(name));
        assert_eq!(back.as_deref(), Some("former"), "{name}");
    }
    assert!(!aside.exists());
}

#[test]
fn the_mark_of_an_exchange_is_read_as_it_was_written_and_nothing_else_is_followed() {
    assert_eq!(Plan::from_text(&plan().to_text()), Some(plan()));
    for strange in [
        "",
        "elsewhere\nstore.db\n",
        "former-1/../..\nstore.db\n",
        "former-1\n../store.db\n",
    ] {
        assert_eq!(Plan::from_text(strange), None, "{strange}");
    }
}

#[test]
fn two_within_a_second_have_folders_of_their_own() {
    let folder = tempfile::tempdir().unwrap();
    let mut names = Vec::new();
    for _ in 0..3 {
        let name = unused(folder.path(), 1_795_449_599_999);
        fs::create_dir(folder.path().join(&name)).unwrap();
        names.push(name);
    }
    let first = "former-20261123-235959";
    assert_eq!(
        names,
        [first.to_owned(), format!("{first}-2"), format!("{first}-3")]
    );
}
