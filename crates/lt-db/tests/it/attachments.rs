//! Bytes of pictures and files, on each back end.

use lt_db::table::attachment::{self, StoredAttachment, Uploader};
use lt_model::attachment::{Attachment, FileKind, FilePart};

use crate::{
    back_end::BackEnd,
    fixture::{Shop, id},
};

const WHOLE: &[u8] = b"%PDF-1.7 a needle in a picture \x00\xff";

#[test]
fn bytes_come_back_as_they_went_in_and_lie_sealed() {
    for shop in Shop::on_each(1) {
        let file = Attachment {
            id: id(),
            name: "发票.pdf".to_owned(),
            kind: FileKind::Pdf,
            n_bytes: u32::try_from(WHOLE.len()).unwrap(),
            width: 0,
            height: 0,
        };
        let stored = StoredAttachment {
            attachment: file.clone(),
            uploader: Uploader::Agent(shop.agent),
            message: None,
            canned: None,
            digest: [5; 32],
        };
        let large = vec![7; 3 << 20];
        shop.act("attachment.upload", |tx| {
            attachment::insert(tx, &stored, WHOLE, Some(&large), 1)
        });
        let (known, whole, thumb) = shop
            .db
            .read(|reader| {
                Ok::<_, lt_db::DbError>((
                    attachment::by_id(reader, file.id)?.unwrap(),
                    attachment::part(reader, file.id, FilePart::Whole)?.unwrap(),
                    attachment::part(reader, file.id, FilePart::Thumb)?.unwrap(),
                ))
            })
            .unwrap();
        assert_eq!((known.attachment, known.digest), (file.clone(), [5; 32]));
        assert!(whole == WHOLE && thumb == large);
        if matches!(shop.back_end, BackEnd::Postgres(_)) {
            let found = "SELECT count(*) FROM attachment_part
                WHERE position(convert_to('needle', 'UTF8') in bytes) > 0";
            assert_eq!(shop.number(found), 0);
            let sealed = "SELECT count(*) FROM attachment_part
                WHERE position(convert_to('lingtai/sealed-bytes', 'UTF8') in bytes) = 1";
            assert_eq!(shop.number(sealed), 2);
        }
        shop.act("attachment.recall", |tx| attachment::empty(tx, file.id));
        let left = "SELECT count(*) FROM attachment_part";
        assert_eq!(shop.number(left), 0);
    }
}
