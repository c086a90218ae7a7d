use std::{fs, path::Path};

use lt_model::agent::Role;
use lt_protocol::widget::SessionRequest;

use crate::world::{PASSWORD, T0, World, device, login};

fn files_with(folder: &Path, needle: &[u8]) -> Vec<String> {
    fs::read_dir(folder)
        .unwrap()
        .map(|file| file.unwrap().path())
        .filter(|path| {
            fs::read(path)
                .unwrap()
                .windows(needle.len())
                .any(|window| window == needle)
        })
        .map(|path| path.file_name().unwrap().to_string_lossy().into_owned())
        .collect()
}

#[test]
fn no_word_of_a_customer_and_no_secret_is_readable_on_the_disk() {
    if crate::back_end::is_postgres() {
        return;
    }
    let world = World::with_faq();
    let mut desk = world.agent("wang", Role::Agent, &["售前组", "售后组"]);
    let request = SessionRequest {
        inbox: world.made.inbox.public_key.clone(),
        token: None,
        name: "欧阳栖梧".to_owned(),
        known: Default::default(),
    };
    let visitor_token = world.bo.visitor_session(request, T0).unwrap().token;
    let visitor = world.bo.visitor(&visitor_token).unwrap();
    world.say(&visitor, "转人工，我的电话是13987654321", T0 + 1);
    let conversation = world.conversation(&visitor);
    desk.reply(&world, &conversation, "栖梧女士，马上为您核实", T0 + 2);
    let session = login(&world.bo, "wang", PASSWORD, &device(), T0 + 3).unwrap();
    let needles = [
        "欧阳栖梧",
        "13987654321",
        "马上为您核实",
        PASSWORD,
        "聆选旗舰店",
        "$argon2id",
        visitor_token.as_str(),
        session.token.as_str(),
    ];
    let check = |folder: &Path| {
        for needle in needles {
            let found = files_with(folder, needle.as_bytes());
            assert!(found.is_empty(), "{needle} in {found:?}");
        }
    };
    check(world.folder.path());
    // Tokens and passwords are not even inside the opened database.
    for secret in [PASSWORD, &visitor_token, &session.token] {
        let dump = world.raw().dump().unwrap();
        assert!(!dump.is_empty() && !dump.contains(secret));
    }
    // The same search finds everything else in an unsealed copy: it is there, and was not readable.
    let plain = tempfile::tempdir().unwrap();
    let copy = plain.path().join("plain.db");
    world.raw().export_plain(&copy).unwrap();
    for needle in ["欧阳栖梧", "13987654321", "马上为您核实", "$argon2id"] {
        let found = files_with(plain.path(), needle.as_bytes());
        assert_eq!(found, ["plain.db"], "{needle}");
    }
    let World { folder, bo, .. } = world;
    drop(bo);
    check(folder.path());
}
