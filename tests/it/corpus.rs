//! Every parser of outside data reads its corpus and thousands of damaged copies of it: each is
//! read or refused, and none makes it fall over. `LINGTAI_SEED` and `LINGTAI_ROUNDS` repeat or
//! lengthen a run.

use std::{fs, io::Cursor, path::Path, str};

use lt_engine::lab;
use lt_model::id::AttachmentId;
use lt_protocol::{
    command::Command,
    enrol::Enrolment,
    survey::{AnswerForm, Link},
    sync,
    widget::ClientEvent,
};
use lt_seal::{
    Key32,
    archive::{self, Way},
    slots::KeyFile,
};

/// Reads bytes; whether they were taken.
type Parser = fn(&[u8]) -> bool;

fn text(bytes: &[u8], parse: impl Fn(&str) -> bool) -> bool {
    str::from_utf8(bytes).is_ok_and(parse)
}

const PARSERS: &[(&str, Parser)] = &[
    ("client_frame", |bytes| {
        text(bytes, |text| sync::read_client_frame(text).is_ok())
    }),
    ("server_frame", |bytes| {
        serde_json::from_slice::<sync::ServerFrame>(bytes).is_ok()
    }),
    ("widget_event", |bytes| {
        serde_json::from_slice::<ClientEvent>(bytes).is_ok()
    }),
    ("survey_form", |bytes| AnswerForm::read(bytes).is_ok()),
    ("survey_link", |bytes| {
        let key = Key32::new([7; 32]);
        text(bytes, |text| Link::read(text.trim(), &key, 0).is_ok())
    }),
    ("command", |bytes| {
        serde_json::from_slice::<Command>(bytes).is_ok()
    }),
    ("enrolment", |bytes| {
        text(bytes, |text| text.parse::<Enrolment>().is_ok())
    }),
    ("key_file", |bytes| {
        text(bytes, |text| KeyFile::from_json(text).is_ok())
    }),
    ("archive", |bytes| {
        let way = Way::Key(Key32::new([3; 32]));
        archive::verify(&way, &mut Cursor::new(bytes)).is_ok()
    }),
    ("media", |bytes| {
        let id = AttachmentId(uuid::Uuid::from_u128(1));
        lt_media::take(id, "a.csv", bytes.to_vec()).is_ok()
    }),
    ("kb", |bytes| {
        lab::read_kb(lab::File { name: "kb", bytes }).is_ok()
    }),
    ("queries", |bytes| {
        lab::read_lines::<lab::QueryLine>(lab::File {
            name: "queries",
            bytes,
        })
        .is_ok()
    }),
    ("pii", |bytes| {
        lt_guard::lab::pii(bytes, std::io::sink()).is_ok()
    }),
];

/// Xorshift, so that a run can be repeated from its seed.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() % limit.max(1) as u64).unwrap_or(0)
    }

    /// A copy with one to four things wrong.
    fn damage(&mut self, bytes: &[u8]) -> Vec<u8> {
        const PIECES: &[&[u8]] = &[
            b"\"",
            b"{",
            b"]",
            b"\\u0000",
            b"\xf0\x9f",
            "１３８".as_bytes(),
            b"1e999",
            b"\n",
            b"null",
        ];
        let mut copy = bytes.to_vec();
        for _ in 0..=self.below(4) {
            let at = self.below(copy.len() + 1);
            match self.below(5) {
                0 => copy.truncate(at),
                1 => copy
                    .iter_mut()
                    .skip(at)
                    .take(1)
                    .for_each(|byte| *byte ^= 1 << (at % 8)),
                2 => drop(copy.splice(at..at, PIECES[self.below(PIECES.len())].iter().copied())),
                3 => {
                    let end = (at + self.below(16)).min(copy.len());
                    copy.drain(at..end);
                }
                _ => {
                    let end = (at + self.below(64)).min(copy.len());
                    let twice = copy[at..end].to_vec();
                    drop(copy.splice(at..at, twice));
                }
            }
        }
        copy
    }
}

fn number(name: &str, default: u64) -> u64 {
    std::env::var(name)
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(default)
}

#[test]
fn every_parser_reads_or_refuses_its_corpus_and_damaged_copies_of_it() {
    let seed = number("LINGTAI_SEED", 0x9e37_79b9_7f4a_7c15).max(1);
    let rounds = number("LINGTAI_ROUNDS", 500);
    println!("LINGTAI_SEED={seed} LINGTAI_ROUNDS={rounds}");
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    for (name, parse) in PARSERS {
        let mut chance = Chance(seed);
        let (mut seeds, mut taken, mut refused) = (0, 0_u64, 0_u64);
        for entry in fs::read_dir(corpus.join(name)).unwrap() {
            let bytes = fs::read(entry.unwrap().path()).unwrap();
            seeds += 1;
            let copies = (0..rounds)
                .map(|_| chance.damage(&bytes))
                .collect::<Vec<_>>();
            for copy in std::iter::once(&bytes).chain(&copies) {
                match parse(copy) {
                    true => taken += 1,
                    false => refused += 1,
                }
            }
        }
        println!("{name}: {seeds} files, {taken} taken, {refused} refused");
        assert!(
            seeds >= 2 && refused > 0,
            "{name}: the corpus holds something to refuse"
        );
    }
}
