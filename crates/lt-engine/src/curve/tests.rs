use super::*;

fn questions() -> Vec<Judged> {
    // Of a hundred questions, the higher the confidence the more are right; every tenth is out of
    // scope.
    (0..100)
        .map(|n| Judged {
            confidence: n as f32 / 100.0,
            is_right: n % 10 != 0 && (n >= 80 || n % 2 == 0),
            in_scope: n % 10 != 0,
        })
        .collect()
}

#[test]
fn counts_what_is_answered_from_each_threshold() {
    let curve = of(&questions(), CurveSource::Audited);
    assert_eq!((curve.source, curve.n), (CurveSource::Audited, 100));
    let at = |threshold| {
        let found = curve.points.iter().find(|p| p.threshold == threshold);
        found.map(|p| (p.precision, p.coverage))
    };
    // From .80 on: twenty answered, two of them out of scope; ninety in scope.
    assert_eq!(at(800), Some((900, 200)));
    // From .50 on: fifty answered, 3 × 4 + 18 right.
    assert_eq!(at(500), Some((600, 333)));
    // Nineteen answers say nothing.
    assert_eq!(at(810), None);
    assert_eq!(threshold_for(&curve, 900), Some(800));
    assert_eq!(threshold_for(&curve, 990), Some(800));
    assert_eq!(threshold_for(&of(&[], CurveSource::Audited), 900), None);
}

#[test]
fn coverage_never_rises_with_the_threshold() {
    for curve in [of(&questions(), CurveSource::Audited), shipped().clone()] {
        for pair in curve.points.windows(2) {
            assert!(pair[0].threshold < pair[1].threshold);
            assert!(pair[0].coverage >= pair[1].coverage);
        }
    }
}

#[test]
fn the_shipped_curve_is_there_and_gives_way_to_a_large_own_one() {
    let shipped = shipped();
    assert!(shipped.n >= 1_000 && shipped.points.len() > 30);
    assert!(shipped.point_for(900).is_some());
    let own = |n| Curve {
        source: CurveSource::Audited,
        n,
        points: Vec::new(),
    };
    assert_eq!(in_force(None), shipped);
    assert_eq!(in_force(Some(&own(199))), shipped);
    assert_eq!(in_force(Some(&own(200))), &own(200));
}
