//! Tables as text that spreadsheets open: comma-separated values of RFC 4180, in UTF-8.

/// Stands first, and tells spreadsheets that the text is UTF-8.
pub const BOM: &str = "\u{feff}";
/// Ends a line.
pub const END: &str = "\r\n";

/// A text as a field. One that a spreadsheet would take for a formula is taken for text, as OWASP
/// advises against "CSV injection": an apostrophe stands before it.
#[must_use]
pub fn quoted(text: &str) -> String {
    let guard = match text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        true => "'",
        false => "",
    };
    format!("\"{guard}{}\"", text.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn a_text_stays_a_text() {
        for (text, field) in [
            ("", "\"\""),
            ("售后", "\"售后\""),
            ("a,\"b\"\r\nc", "\"a,\"\"b\"\"\r\nc\""),
            ("=1+1", "\"'=1+1\""),
            ("@x", "\"'@x\""),
            ("-1", "\"'-1\""),
            ("a=1", "\"a=1\""),
        ] {
            assert_eq!(quoted(text), field);
        }
    }
}
