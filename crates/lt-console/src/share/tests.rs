use lt_model::{
    agent::{Agent, Presence, Role},
    id::AgentId,
};
use lt_store::Device;
use uuid::Uuid;

use super::*;

fn account() -> Account {
    let agent = Agent {
        id: AgentId(Uuid::from_u128(1)),
        username: "xiaolin".to_owned(),
        display_name: "林晓".to_owned(),
        role: Role::Agent,
        groups: Vec::new(),
        presence: Presence::Online,
        capacity: 8,
        capacities: Vec::new(),
        skills: Vec::new(),
    };
    Account {
        server: "https://desk.example.com".to_owned(),
        organisation: "示例商城".to_owned(),
        agent,
        device: Device::generate(1_760_000_000_000).unwrap(),
        session: None,
    }
}

#[test]
fn a_share_is_for_the_agent_device_and_server_for_whom_it_was_fetched() {
    let asked = account();
    let mut colleague = asked.clone();
    colleague.agent.id = AgentId(Uuid::from_u128(2));
    let mut elsewhere = asked.clone();
    elsewhere.server = "https://other.example.com".to_owned();
    let mut device = asked.clone();
    device.device = account().device;
    let mut renamed = asked.clone();
    renamed.agent.display_name = "林小晓".to_owned();
    for (present, expected, what) in [
        (asked.clone(), true, "the same"),
        (renamed, true, "under another name"),
        (colleague, false, "a colleague"),
        (elsewhere, false, "another server"),
        (device, false, "another device"),
    ] {
        assert_eq!(is_still(&present, &asked), expected, "{what}");
    }
}
