//! Streams by pages.

use lt_model::agent::Role;
use lt_protocol::{
    api::{
        NewAgent,
        snapshot::{LAST, ROWS_LEFT, path},
    },
    code::WireError,
    sync::{ClientFrame, Entity, Row, RowChange, ServerFrame, StreamSum, row_checksum},
};
use lt_server::cli::client::Response;

use crate::world::{ADMIN, Device, PASSWORD, Socket, World, signed};

async fn page(world: &World, device: &Device, stream: u64, at: u64, after: u64) -> Response {
    let path = path(stream);
    let headers = signed(device, "GET", &device.login.token, &path, 0);
    let query = format!("{path}?at={at}&after={after}");
    world.call("GET", &query, headers, b"").await
}

fn rows(response: &Response) -> Vec<Row> {
    assert_eq!(response.status, 200);
    let lines = zstd::stream::decode_all(response.body.as_slice()).unwrap();
    serde_json::Deserializer::from_slice(&lines)
        .into_iter()
        .map(Result::unwrap)
        .collect()
}

fn sum(stream: u64, rows: &[Row]) -> StreamSum {
    let chk = rows.iter().fold(0_u64, |sum, row| match &row.change {
        RowChange::Put { entity } => {
            sum.wrapping_add(row_checksum(entity.kind(), &entity.id(), row.rev))
        }
        RowChange::Del { .. } => sum,
    });
    StreamSum { stream, chk }
}

/// All rows of all streams, as a new desktop gets them, and the checksums that came with them.
async fn everything(socket: &mut Socket) -> (Vec<Row>, Vec<StreamSum>) {
    let (mut all, mut sums) = (Vec::new(), Vec::new());
    loop {
        let ServerFrame::Batch {
            batch,
            rows,
            chk,
            last,
            ..
        } = socket.frame().await
        else {
            continue;
        };
        socket.send(&ClientFrame::Ack { batch }).await;
        all.extend(rows);
        sums.extend(chk);
        if last {
            return (all, sums);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_whose_rows_differ_is_fetched_by_pages_and_goes_on() {
    let world = World::open().await;
    let device = world.device(ADMIN).await;
    let mut socket = device.open(&world).await;
    let (fed, sums) = everything(&mut socket).await;
    // The one that a new colleague comes in.
    let is_of_agents = |row: &&Row| {
        let change = &row.change;
        matches!(
            change,
            RowChange::Put {
                entity: Entity::Agent(_)
            }
        )
    };
    let stream = fed.iter().find(is_of_agents).unwrap().stream;
    let named = |sums: &[StreamSum]| sums.iter().rev().find(|sum| sum.stream == stream).copied();
    let told = named(&sums).unwrap();

    socket.send(&ClientFrame::Resync { stream }).await;
    let (at, floor) = socket
        .until_frame(|frame| match frame {
            ServerFrame::MustSnapshot {
                stream: named,
                at,
                floor,
            } => {
                assert_eq!(*named, stream);
                Some((*at, *floor))
            }
            _ => None,
        })
        .await;
    assert_eq!(floor, 0);
    let whole = page(&world, &device, stream, at, 0).await;
    let rows = rows(&whole);
    assert!(rows.windows(2).all(|pair| pair[0].seq < pair[1].seq));
    assert_eq!(
        sum(stream, &rows),
        told,
        "the rows are those that the sum is of"
    );
    assert_eq!(header(&whole, LAST), "1");
    assert_eq!(header(&whole, ROWS_LEFT), "0");
    // The rest of it, after a page that broke off.
    let middle = rows[rows.len() / 2].seq;
    let rest = page(&world, &device, stream, at, middle).await;
    assert_eq!(self::rows(&rest), rows[rows.len() / 2 + 1..]);

    // Nothing of the stream comes by batches before the desktop says that it has the rows.
    let new = NewAgent {
        username: "wang".to_owned(),
        display_name: "王晓彤".to_owned(),
        password: PASSWORD.to_owned(),
        role: Role::Agent,
        groups: Vec::new(),
        capacity: 5,
    };
    let body = serde_json::to_vec(&new).unwrap();
    let headers = signed(&device, "POST", &device.login.token, "/api/v1/agents", 0);
    assert_eq!(
        world
            .call("POST", "/api/v1/agents", headers, &body)
            .await
            .status,
        200
    );
    socket.send(&ClientFrame::Ping).await;
    socket
        .until_frame(|frame| {
            // Others may move meanwhile.
            if let ServerFrame::Batch { cuts, .. } = frame {
                assert!(cuts.iter().all(|cut| cut.stream != stream), "{frame:?}");
            }
            matches!(frame, ServerFrame::Pong).then_some(())
        })
        .await;
    socket.send(&ClientFrame::Snapshotted { stream, at }).await;
    let (mut more, mut sums) = everything(&mut socket).await;
    while named(&sums).is_none() {
        // What came into another stream may come first.
        let (later, later_sums) = everything(&mut socket).await;
        more.extend(later);
        sums.extend(later_sums);
    }
    more.retain(|row| row.stream == stream);
    assert!(more.iter().all(|row| row.seq > at));
    let mut live = rows;
    live.extend(more);
    assert_eq!(named(&sums), Some(sum(stream, &live)));
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_are_for_those_who_may_see_the_stream() {
    let world = World::open().await;
    let device = world.device(ADMIN).await;
    let stranger = page(&world, &device, 999, 9, 0).await;
    assert_eq!(stranger.status, 404);
    let error: WireError = serde_json::from_slice(&stranger.body).unwrap();
    assert_eq!(error.code, lt_protocol::code::Code::NotFound);
    for (headers, query, status) in [
        (Vec::new(), "?at=9", 401),
        // Signed for another stream.
        (
            signed(&device, "GET", &device.login.token, &path(2), 0),
            "?at=9",
            401,
        ),
        (
            signed(&device, "GET", &device.login.token, &path(1), 0),
            "?at=nine",
            400,
        ),
        (
            signed(&device, "GET", &device.login.token, &path(1), 0),
            "?at=9&every=1",
            400,
        ),
    ] {
        let query = format!("{}{query}", path(1));
        let answer = world.call("GET", &query, headers, b"").await;
        assert_eq!(answer.status, status, "{query}");
    }
}

fn header<'a>(response: &'a Response, name: &str) -> &'a str {
    let found = response.headers.iter().find(|(known, _)| known == name);
    found.map_or("", |(_, value)| value)
}
