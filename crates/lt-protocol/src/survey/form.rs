//! What the page behind a link posts: `score=5&comment=…`, or `opt_out=1`.

use lt_model::survey::{NotTaken, checked};

/// Longest body: a comment whose every character is four bytes, each written as `%xx`.
pub const MAX_FORM_BYTES: usize = 8 * 1024;

/// What a customer posts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AnswerForm {
    /// A mark.
    Mark {
        /// From 1 to [`lt_model::survey::BEST`].
        score: u8,
        /// As it is kept; may be empty.
        comment: String,
    },
    /// They do not want to be asked again.
    OptOut,
}

/// Why a body is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FormError {
    /// Longer than [`MAX_FORM_BYTES`].
    #[error("the form is too long")]
    TooLarge,
    /// Not `name=value` pairs of the known names, each once, in UTF-8.
    #[error("the form cannot be read")]
    Malformed,
    /// No mark was chosen.
    #[error("no mark was chosen")]
    NoScore,
    /// What was chosen or written is not taken.
    #[error(transparent)]
    NotTaken(#[from] NotTaken),
}

impl AnswerForm {
    /// Reads a body of `application/x-www-form-urlencoded`.
    ///
    /// # Errors
    /// [`FormError`].
    pub fn read(body: &[u8]) -> Result<Self, FormError> {
        if body.len() > MAX_FORM_BYTES {
            return Err(FormError::TooLarge);
        }
        let (mut score, mut comment, mut opt_out) = (None, None, None);
        for pair in body.split(|byte| *byte == b'&') {
            let (name, value) = split(pair).ok_or(FormError::Malformed)?;
            let field = match name {
                b"score" => &mut score,
                b"comment" => &mut comment,
                b"opt_out" => &mut opt_out,
                _ => return Err(FormError::Malformed),
            };
            if field.is_some() {
                return Err(FormError::Malformed);
            }
            *field = Some(decoded(value).ok_or(FormError::Malformed)?);
        }
        match (score, opt_out.as_deref()) {
            (None, Some("1")) if comment.is_none() => Ok(Self::OptOut),
            (_, Some(_)) => Err(FormError::Malformed),
            (None, None) => Err(FormError::NoScore),
            (Some(score), None) => {
                let score = score.parse().map_err(|_| NotTaken::Score)?;
                // Browsers send line breaks as CR LF.
                let comment = comment.unwrap_or_default().replace("\r\n", "\n");
                let (score, comment) = checked(score, &comment)?;
                Ok(Self::Mark { score, comment })
            }
        }
    }
}

fn split(pair: &[u8]) -> Option<(&[u8], &[u8])> {
    let place = pair.iter().position(|byte| *byte == b'=')?;
    let (name, rest) = pair.split_at_checked(place)?;
    Some((name, rest.get(1..)?))
}

/// `+` is a blank, `%xx` a byte; the whole must be UTF-8.
fn decoded(value: &[u8]) -> Option<String> {
    let mut bytes = Vec::with_capacity(value.len());
    let mut rest = value.iter();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => digit(*rest.next()?)? * 16 + digit(*rest.next()?)?,
            other => *other,
        });
    }
    String::from_utf8(bytes).ok()
}

fn digit(byte: u8) -> Option<u8> {
    char::from(byte)
        .to_digit(16)
        .and_then(|digit| u8::try_from(digit).ok())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(body: &str, expected: Result<AnswerForm, FormError>) {
        assert_eq!(AnswerForm::read(body.as_bytes()), expected, "{body}");
    }

    fn mark(score: u8, comment: &str) -> Result<AnswerForm, FormError> {
        let comment = comment.to_owned();
        Ok(AnswerForm::Mark { score, comment })
    }

    #[test]
    fn forms() {
        check("score=5", mark(5, ""));
        check("score=4&comment=", mark(4, ""));
        check(
            "comment=%E5%BE%88%E5%A5%BD+a%2Bb%0D%0Ac&score=3",
            mark(3, "很好 a+b\nc"),
        );
        check("opt_out=1", Ok(AnswerForm::OptOut));
        check("comment=x", Err(FormError::NoScore));
        for score in ["0", "6", "-1", "5.0", "", "５"] {
            let expected = Err(FormError::NotTaken(NotTaken::Score));
            check(&format!("score={score}"), expected);
        }
        let malformed = [
            "",
            "score",
            "score=5&",
            "score=5&score=5",
            "score=5&extra=1",
            "opt_out=2",
            "opt_out=1&score=5",
            "opt_out=1&comment=x",
            "score=5&comment=%",
            "score=5&comment=%4",
            "score=5&comment=%zz",
            "score=5&comment=%ff",
        ];
        for body in malformed {
            check(body, Err(FormError::Malformed));
        }
        let long = format!("score=5&comment={}", "a".repeat(501));
        check(&long, Err(FormError::NotTaken(NotTaken::TooLong)));
        let far_too_long = format!("score=5&comment={}", "a".repeat(MAX_FORM_BYTES));
        check(&far_too_long, Err(FormError::TooLarge));
    }

    proptest! {
        #[test]
        fn anything_is_read_or_refused(body in prop::collection::vec(any::<u8>(), 0..300)) {
            let _ = AnswerForm::read(&body);
        }

        /// What a browser sends comes back as it was written.
        #[test]
        fn what_was_written_is_read(score in 1_u8..=5, comment in "[^\\p{C}]{0,500}") {
            let coded: String = comment.bytes().map(|byte| format!("%{byte:02X}")).collect();
            let body = format!("score={score}&comment={coded}");
            prop_assume!(body.len() <= MAX_FORM_BYTES);
            prop_assert_eq!(AnswerForm::read(body.as_bytes()), mark(score, comment.trim()));
        }
    }
}
