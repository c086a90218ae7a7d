//! Pictures of numbers and charts, saved outside of the sealed store.

use lt_model::{agent::Permission, hours::WallTime};
use lt_protocol::{
    code::{Code, WireError},
    file::PIECE_BYTES,
    report::{MAX_NAME_CHARS, MAX_PICTURE_BYTES, ReportSaveArgs, ReportSaved},
};
use lt_seal::encode::base64url_decode;

use super::file;
use crate::{console::Console, error::wire, safekeeping};

/// How every PNG begins.
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";

/// `report.save`
pub(super) fn save(console: &Console, args: &ReportSaveArgs) -> Result<ReportSaved, WireError> {
    let desk = console.desk()?;
    desk.permit(Permission::MetricsView)?;
    let total = usize::try_from(args.total).unwrap_or(usize::MAX);
    if total > MAX_PICTURE_BYTES || args.data.len() > PIECE_BYTES * 2 {
        return Err(WireError::new(Code::TooLarge, "the picture is too large"));
    }
    let piece = base64url_decode(&args.data)
        .map_err(|_| WireError::new(Code::BadRequest, "the piece cannot be read"))?;
    let offset = usize::try_from(args.offset).unwrap_or(usize::MAX);
    let Some(bytes) = desk.pieces.add(args.file_id, offset, total, &piece)? else {
        return Ok(ReportSaved { path: None });
    };
    if !bytes.starts_with(PNG) {
        return Err(WireError::new(Code::FileType, "it is no PNG picture"));
    }
    let now = desk.now();
    let folder = safekeeping::export_folder(console);
    let name = format!("{}-{}.png", named(&args.name), WallTime::china(now).stamp());
    let path = file::write(&folder, &name, &bytes)
        .map_err(|_| WireError::new(Code::Storage, "no file was written"))?;
    desk.store.note_metrics_export(now).map_err(wire)?;
    Ok(ReportSaved { path: Some(path) })
}

/// The words of a name, without what folders and shells read into it.
fn named(name: &str) -> String {
    let words: String = name
        .chars()
        .filter(|char| char.is_alphanumeric() || matches!(char, ' ' | '-' | '_'))
        .take(MAX_NAME_CHARS)
        .collect();
    match words.trim() {
        "" => "监控".to_owned(),
        words => words.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_leads_nowhere_else() {
        assert_eq!(named("首响时间"), "首响时间");
        assert_eq!(named("../../etc/passwd\0"), "etcpasswd");
        assert_eq!(named(" ..\\ "), "监控");
        assert_eq!(named(&"长".repeat(200)).chars().count(), MAX_NAME_CHARS);
    }
}
