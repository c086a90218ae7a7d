//! Words in pages and mails.

/// A text as it stands in a page: what somebody wrote is text, in an attribute too.
#[must_use]
pub fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            other => safe.push(other),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_a_text_is_a_page() {
        assert_eq!(
            escaped("<a href=\"x\">'退款' & \u{1f600}</a>"),
            "&lt;a href=&quot;x&quot;&gt;&#39;退款&#39; &amp; \u{1f600}&lt;/a&gt;"
        );
    }
}
