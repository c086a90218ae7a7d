//! Every page of an encrypted database and of its log, decrypted, whether anything refers to it or
//! not: what was dropped must not stand in any of them.

use std::{fs, io, path::Path};

use lt_seal::Key32;

/// As SQLCipher lays a page out: content, then the initial vector, then the tag.
const PAGE_BYTES: usize = 4_096;
const RESERVED_BYTES: usize = 80;
const BLOCK_BYTES: usize = 16;
/// The first page begins with the salt, in clear.
const SALT_BYTES: usize = 16;
const LOG_HEAD_BYTES: usize = 32;
const FRAME_HEAD_BYTES: usize = 24;

/// Contents of all pages of the database at `path` and of its log.
///
/// # Errors
/// When a file cannot be read.
pub(super) fn decrypted(path: &Path, key: &Key32) -> io::Result<Vec<u8>> {
    let cipher = Cipher::new(key.expose());
    let mut plain = Vec::new();
    let pages = fs::read(path)?;
    for (idx, page) in pages.chunks_exact(PAGE_BYTES).enumerate() {
        cipher.page(page, idx == 0, &mut plain);
    }
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    let log = match fs::read(log) {
        Ok(log) => log,
        Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
        Err(error) => return Err(error),
    };
    let frames = log.get(LOG_HEAD_BYTES..).unwrap_or_default();
    for frame in frames.chunks_exact(FRAME_HEAD_BYTES + PAGE_BYTES) {
        let (head, page) = frame.split_at(FRAME_HEAD_BYTES);
        cipher.page(page, head.starts_with(&[0, 0, 0, 1]), &mut plain);
    }
    Ok(plain)
}

/// AES-256 in CBC mode, backwards.
struct Cipher {
    round_keys: [[u8; BLOCK_BYTES]; 15],
    inverse: [u8; 256],
    /// Products of every byte with 9, 11, 13 and 14.
    products: [[u8; 256]; 4],
}

impl Cipher {
    fn new(key: &[u8; 32]) -> Self {
        let table = substitutions();
        let mut inverse = [0; 256];
        for (byte, substitute) in (0..=255_u8).zip(table) {
            inverse[usize::from(substitute)] = byte;
        }
        let products = [9, 11, 13, 14].map(|factor| {
            let mut of = [0; 256];
            for byte in 0..=255_u8 {
                of[usize::from(byte)] = product(byte, factor);
            }
            of
        });
        Self {
            round_keys: expand(key, &table),
            inverse,
            products,
        }
    }

    fn page(&self, page: &[u8], is_first: bool, plain: &mut Vec<u8>) {
        let (content, reserved) = page.split_at(PAGE_BYTES - RESERVED_BYTES);
        let start = if is_first { SALT_BYTES } else { 0 };
        let mut before = block(reserved);
        for sealed in content[start..].chunks_exact(BLOCK_BYTES) {
            let sealed = block(sealed);
            let mut opened = self.block(sealed);
            add(&mut opened, &before);
            plain.extend_from_slice(&opened);
            before = sealed;
        }
    }

    fn block(&self, mut state: [u8; BLOCK_BYTES]) -> [u8; BLOCK_BYTES] {
        add(&mut state, &self.round_keys[14]);
        for round in (0..14).rev() {
            let mut shifted = [0; BLOCK_BYTES];
            for (idx, byte) in state.into_iter().enumerate() {
                // Row r goes back to the right by r columns.
                shifted[(idx + 4 * (idx % 4)) % BLOCK_BYTES] = self.inverse[usize::from(byte)];
            }
            state = shifted;
            add(&mut state, &self.round_keys[round]);
            if round > 0 {
                for column in state.chunks_exact_mut(4) {
                    let [nine, eleven, thirteen, fourteen] = &self.products;
                    let [a, b, c, d] =
                        [column[0], column[1], column[2], column[3]].map(usize::from);
                    column[0] = fourteen[a] ^ eleven[b] ^ thirteen[c] ^ nine[d];
                    column[1] = nine[a] ^ fourteen[b] ^ eleven[c] ^ thirteen[d];
                    column[2] = thirteen[a] ^ nine[b] ^ fourteen[c] ^ eleven[d];
                    column[3] = eleven[a] ^ thirteen[b] ^ nine[c] ^ fourteen[d];
                }
            }
        }
        state
    }
}

fn block(bytes: &[u8]) -> [u8; BLOCK_BYTES] {
    let mut block = [0; BLOCK_BYTES];
    for (to, from) in block.iter_mut().zip(bytes) {
        *to = *from;
    }
    block
}

fn add(state: &mut [u8; BLOCK_BYTES], other: &[u8; BLOCK_BYTES]) {
    for (byte, other) in state.iter_mut().zip(other) {
        *byte ^= other;
    }
}

fn double(byte: u8) -> u8 {
    (byte << 1) ^ if byte & 0x80 == 0 { 0 } else { 0x1b }
}

fn product(mut byte: u8, mut factor: u8) -> u8 {
    let mut sum = 0;
    while factor > 0 {
        if factor & 1 == 1 {
            sum ^= byte;
        }
        byte = double(byte);
        factor >>= 1;
    }
    sum
}

/// The substitution of every byte: its inverse in the field, then an affine map.
fn substitutions() -> [u8; 256] {
    let mut table = [0x63; 256];
    let (mut power, mut inverse) = (1_u8, 1_u8);
    loop {
        // Times 3, and divided by 3: together they run through all bytes but 0.
        power ^= double(power);
        for shift in [1, 2, 4] {
            inverse ^= inverse << shift;
        }
        if inverse & 0x80 != 0 {
            inverse ^= 0x09;
        }
        let spread = (1..5).fold(inverse, |sum, by| sum ^ inverse.rotate_left(by));
        table[usize::from(power)] = spread ^ 0x63;
        if power == 1 {
            return table;
        }
    }
}

fn expand(key: &[u8; 32], table: &[u8; 256]) -> [[u8; BLOCK_BYTES]; 15] {
    let mut words = [[0_u8; 4]; 60];
    for (word, bytes) in words.iter_mut().zip(key.chunks_exact(4)) {
        word.copy_from_slice(bytes);
    }
    let mut constant = 1;
    for idx in 8..60 {
        let mut word = words[idx - 1];
        if idx % 8 == 0 {
            word.rotate_left(1);
        }
        if idx % 4 == 0 {
            word = word.map(|byte| table[usize::from(byte)]);
        }
        if idx % 8 == 0 {
            word[0] ^= constant;
            constant = double(constant);
        }
        for (byte, earlier) in word.iter_mut().zip(words[idx - 8]) {
            *byte ^= earlier;
        }
        words[idx] = word;
    }
    let mut round_keys = [[0; BLOCK_BYTES]; 15];
    for (round, words) in round_keys.iter_mut().zip(words.chunks_exact(4)) {
        *round = block(words.concat().as_slice());
    }
    round_keys
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_opens_as_the_standard_says() {
        // FIPS 197, appendix C.3.
        let mut key = [0; 32];
        for (byte, value) in key.iter_mut().zip(0..) {
            *byte = value;
        }
        let sealed = 0x8ea2_b7ca_5167_45bf_eafc_4990_4b49_6089_u128.to_be_bytes();
        let opened = 0x0011_2233_4455_6677_8899_aabb_ccdd_eeff_u128.to_be_bytes();
        assert_eq!(Cipher::new(&key).block(sealed), opened);
    }
}
