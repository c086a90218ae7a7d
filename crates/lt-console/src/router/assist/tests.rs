use super::worth_showing;

fn shown(confidences: &[f32]) -> usize {
    worth_showing(confidences.iter().copied())
}

#[test]
fn below_a_reliable_answer_only_likely_ones_are_shown() {
    assert_eq!(shown(&[0.83, 0.02, 0.01, 0.01, 0.01]), 1);
    assert_eq!(shown(&[0.62, 0.21, 0.05, 0.049, 0.01]), 3);
    assert_eq!(shown(&[0.5, 0.1, 0.1, 0.1, 0.08, 0.07]), 5);
}

#[test]
fn without_a_reliable_answer_the_best_three_are_shown() {
    assert_eq!(shown(&[0.49, 0.03, 0.02, 0.01, 0.01]), 3);
    assert_eq!(shown(&[0.02, 0.01]), 2);
}

#[test]
fn no_candidate_is_no_suggestion() {
    assert_eq!(shown(&[]), 0);
}
