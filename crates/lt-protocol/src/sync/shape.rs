//! Limits of a JSON text, looked at before anything is built from it.

use crate::code::Code;

/// Deepest nesting of lists and objects.
pub(crate) const MAX_DEPTH: usize = 16;
/// Most items of a list, and most fields of an object: the longest list that anybody writes is that of
/// the engine's words. Lists that a frame is made of have limits of their own.
pub(crate) const MAX_ITEMS: usize = lt_model::engine::MAX_WORDS;
/// Longest text, in bytes of UTF-8.
pub(crate) const MAX_TEXT_BYTES: usize = 64 * 1024;

/// Whether the text keeps the limits. Whether it is JSON is for the parser to say.
///
/// # Errors
/// [`Code::TooLarge`] for a long text or list, [`Code::BadRequest`] for deep nesting.
pub(crate) fn check(json: &str) -> Result<(), Code> {
    // Commas of each open list or object; there is one item more than commas.
    let mut n_commas: Vec<usize> = Vec::with_capacity(MAX_DEPTH);
    let mut bytes = json.bytes();
    while let Some(byte) = bytes.next() {
        match byte {
            b'[' | b'{' if n_commas.len() == MAX_DEPTH => return Err(Code::BadRequest),
            b'[' | b'{' => n_commas.push(0),
            b']' | b'}' => drop(n_commas.pop()),
            b',' => {
                if let Some(n) = n_commas.last_mut() {
                    *n += 1;
                    if *n >= MAX_ITEMS {
                        return Err(Code::TooLarge);
                    }
                }
            }
            b'"' if text_bytes(&mut bytes) > MAX_TEXT_BYTES => return Err(Code::TooLarge),
            _ => {}
        }
    }
    Ok(())
}

/// Goes to the end of a text, and how long it is without its escapes: an escape by number counts as
/// three bytes, which is what the longest of one unit takes.
fn text_bytes(bytes: &mut std::str::Bytes<'_>) -> usize {
    let mut n_bytes = 0;
    while let Some(byte) = bytes.next() {
        match byte {
            b'"' => break,
            b'\\' => match bytes.next() {
                Some(b'u') => {
                    // The digits are four bytes like others; what they stand for is at most three.
                    n_bytes += 3;
                    for _ in 0..4 {
                        bytes.next();
                    }
                }
                _ => n_bytes += 1,
            },
            _ => n_bytes += 1,
        }
    }
    n_bytes
}
