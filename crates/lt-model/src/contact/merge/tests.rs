use proptest::prelude::*;
use uuid::Uuid;

use super::*;

const DAY_MS: Millis = 24 * 3_600_000;

fn contact(n: u128, name: &str, phone: &str) -> Contact {
    Contact {
        phone: phone.to_owned(),
        ..Contact::new(ContactId(Uuid::from_u128(n)), name.to_owned(), 0)
    }
}

#[test]
fn what_is_chosen_is_taken_over_and_goes_back() {
    let (mut visitor, mut member) = (contact(1, "小林", "13812345678"), contact(2, "林女士", ""));
    let (first, second) = (visitor.clone(), member.clone());
    let take = [ContactField::Phone, ContactField::Member];
    visitor.merge_into(&mut member, &take, "王晓彤", 5).unwrap();
    assert_eq!(
        (member.display_name.as_str(), member.phone.as_str()),
        ("林女士", "13812345678")
    );
    assert_eq!(visitor.merged.as_ref().unwrap().into, member.id);
    assert_eq!(member.absorbed.len(), 1);
    assert_eq!(
        member.absorbed[0].taken.len(),
        1,
        "nothing was taken over of the member number"
    );
    // Neither of them is merged again while that stands.
    let mut third = contact(3, "林", "");
    for other in [&mut third, &mut member] {
        let again = visitor.clone().merge_into(other, &[], "王晓彤", 6);
        assert_eq!(again, Err(MergeError::Merged));
    }
    assert_eq!(
        third.clone().merge_into(&mut visitor, &[], "", 6),
        Err(MergeError::Merged)
    );
    assert_eq!(
        third.clone().merge_into(&mut third, &[], "", 6),
        Err(MergeError::Same)
    );
    assert_eq!(
        visitor.clone().split_from(&mut third, 6),
        Err(MergeError::NotMerged)
    );
    let late = 5 + 30 * DAY_MS + 1;
    assert_eq!(
        visitor.clone().split_from(&mut member, late),
        Err(MergeError::TooLate)
    );
    visitor.split_from(&mut member, 5 + 30 * DAY_MS).unwrap();
    assert_eq!((visitor, member), (first, second));
}

#[test]
fn what_was_changed_since_stays() {
    let (mut visitor, mut member) = (contact(1, "小林", "1"), contact(2, "林女士", "2"));
    visitor
        .merge_into(&mut member, &ContactField::ALL, "", 1)
        .unwrap();
    member.phone = "3".to_owned();
    visitor.split_from(&mut member, 2).unwrap();
    assert_eq!(
        (member.display_name.as_str(), member.phone.as_str()),
        ("林女士", "3")
    );
}

proptest! {
    /// Whatever is merged into one customer, and in whatever order that is taken back, in the end
    /// everybody is who they were.
    #[test]
    fn taking_everything_back_restores(
        names in prop::collection::vec("[a-c]{0,1}", 2..6),
        takes in prop::collection::vec(prop::bool::ANY, 6),
        order in Just((0..6_usize).collect::<Vec<_>>()).prop_shuffle(),
    ) {
        let everybody: Vec<Contact> = (1..).zip(&names).map(|(n, name)| contact(n, name, name)).collect();
        let mut now = everybody.clone();
        let (root, others) = now.split_first_mut().unwrap();
        for (other, take) in others.iter_mut().zip(&takes) {
            let fields: &[ContactField] = if *take { &ContactField::ALL } else { &[] };
            other.merge_into(root, fields, "", 1).unwrap();
        }
        for at in order {
            if let Some(other) = others.get_mut(at) {
                other.split_from(root, 2).unwrap();
            }
        }
        prop_assert_eq!(now, everybody);
    }
}
