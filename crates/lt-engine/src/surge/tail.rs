//! How unlikely a count is.

/// The natural logarithm of an upper bound of P(C ≥ `n`) for a negative binomial C of this mean
/// whose variance is mean + `dispersion` × mean². Tight where `n` is well above the mean; 0 (certain)
/// where it is not above.
///
/// The tail's terms fall at least as fast as a geometric series, whose sum is known.
pub(super) fn ln_tail(n: u32, mean: f64, dispersion: f64) -> f64 {
    let count = f64::from(n);
    if mean >= count || n == 0 {
        return 0.0;
    }
    let mean = mean.max(1e-9);
    let size = 1.0 / dispersion.max(1e-6);
    let odds = mean / (size + mean);
    let ln_first = ln_gamma(count + size)
        - ln_gamma(size)
        - ln_gamma(count + 1.0)
        - size * (mean / size).ln_1p()
        + count * odds.ln();
    let ratio = ((count + size) / (count + 1.0) * odds).max(odds);
    if ratio >= 1.0 {
        return 0.0;
    }
    (ln_first - (1.0 - ratio).ln()).min(0.0)
}

/// ln Γ(x) for x > 0, by Stirling's series after a shift.
fn ln_gamma(x: f64) -> f64 {
    let mut shifted = x;
    let mut product = 1.0;
    while shifted < 9.0 {
        product *= shifted;
        shifted += 1.0;
    }
    let inverse = 1.0 / shifted;
    let square = inverse * inverse;
    let series = inverse * (1.0 / 12.0 - square * (1.0 / 360.0 - square * (1.0 / 1260.0)));
    (shifted - 0.5) * shifted.ln() - shifted + 0.918_938_533_204_672_8 + series - product.ln()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gamma_is_the_factorial() {
        let mut factorial = 1.0_f64;
        for n in 1..30 {
            assert!(
                (ln_gamma(f64::from(n)) - factorial.ln()).abs() < 1e-9,
                "{n}"
            );
            factorial *= f64::from(n);
        }
        assert!((ln_gamma(0.5) - std::f64::consts::PI.sqrt().ln()).abs() < 1e-9);
    }

    /// The tail summed term by term.
    fn summed(n: u32, mean: f64, dispersion: f64) -> f64 {
        let size = 1.0 / dispersion;
        let odds = mean / (size + mean);
        let mut term = (size * (size / (size + mean)).ln()).exp();
        let mut below = 0.0;
        for k in 0..n {
            below += term;
            term *= (f64::from(k) + size) / (f64::from(k) + 1.0) * odds;
        }
        (1.0 - below).ln()
    }

    #[test]
    fn the_bound_is_above_the_tail_and_near_it() {
        for (n, mean, dispersion) in [
            (3, 0.1, 0.05),
            (5, 0.2, 1.0),
            (4, 0.3, 2.0),
            (8, 2.0, 0.1),
            (15, 5.0, 0.03),
            (20, 6.0, 1e-6),
        ] {
            let (bound, exact) = (ln_tail(n, mean, dispersion), summed(n, mean, dispersion));
            assert!(bound >= exact - 1e-6, "{n} {mean}: {bound} < {exact}");
            assert!(bound - exact < 0.3, "{n} {mean}: {bound} ≫ {exact}");
        }
        assert_eq!(ln_tail(3, 3.0, 0.1), 0.0);
        assert_eq!(ln_tail(0, 0.0, 0.1), 0.0);
    }
}
