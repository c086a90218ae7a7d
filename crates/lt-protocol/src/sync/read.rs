//! Reading what a desktop sends.

use serde_json::Value;

use super::{ClientFrame, MAX_CURSORS, MAX_FRAME_BYTES, MAX_PUSH_OPS, shape};
use crate::code::Code;

/// Reads a frame from a client.
///
/// # Errors
/// [`Code::TooLarge`] when the frame, a text or a list in it is larger than allowed;
/// [`Code::BadRequest`] when it is not one of the frames, field for field.
pub fn read_client_frame(text: &str) -> Result<ClientFrame, Code> {
    if text.len() > MAX_FRAME_BYTES {
        return Err(Code::TooLarge);
    }
    shape::check(text)?;
    let frame: ClientFrame = serde_json::from_str(text).map_err(|_| Code::BadRequest)?;
    match &frame {
        ClientFrame::Push { ops } if ops.len() > MAX_PUSH_OPS => return Err(Code::TooLarge),
        ClientFrame::Hello(hello) if hello.cursors.len() > MAX_CURSORS => {
            return Err(Code::TooLarge);
        }
        _ => {}
    }
    let sent: Value = serde_json::from_str(text).map_err(|_| Code::BadRequest)?;
    let known = serde_json::to_value(&frame).map_err(|_| Code::BadRequest)?;
    if is_within(&sent, &known) {
        Ok(frame)
    } else {
        Err(Code::BadRequest)
    }
}

/// Whether every field that was sent is one that is known. Types that the server sends too ignore
/// what they do not know, and serde looks at no field beside a tag that stands alone; a frame from a
/// client says nothing that is not read.
fn is_within(sent: &Value, known: &Value) -> bool {
    match (sent, known) {
        (Value::Object(sent), Value::Object(known)) => sent
            .iter()
            .all(|(name, sent)| known.get(name).is_some_and(|known| is_within(sent, known))),
        (Value::Array(sent), Value::Array(known)) => {
            sent.len() == known.len()
                && sent
                    .iter()
                    .zip(known)
                    .all(|(sent, known)| is_within(sent, known))
        }
        // What kind of value it is, serde has looked at.
        (Value::Object(_) | Value::Array(_), _) => false,
        _ => true,
    }
}
