use std::borrow::Cow;

use crate::find::scan;

/// Replaces every value by its kind, as in `‹phone›`, for a line that goes to a log.
#[must_use]
pub fn redact_log(line: &str) -> Cow<'_, str> {
    let spans = scan(line);
    if spans.is_empty() {
        return Cow::Borrowed(line);
    }
    let mut out = String::with_capacity(line.len());
    let mut chars = line.chars();
    let mut at = 0;
    for span in spans {
        out.extend(chars.by_ref().take(span.start.saturating_sub(at)));
        out.push('‹');
        out.push_str(span.kind.as_str());
        out.push('›');
        chars
            .by_ref()
            .take(span.end.saturating_sub(span.start))
            .for_each(drop);
        at = span.end;
    }
    out.extend(chars);
    Cow::Owned(out)
}
