//! Adam (Kingma and Ba 2015) over a fixed number of weights.

pub(super) struct Adam<const N: usize> {
    pub(super) weights: [f32; N],
    mean: [f32; N],
    square: [f32; N],
    step: i32,
}

impl<const N: usize> Adam<N> {
    pub(super) fn new(weights: [f32; N]) -> Self {
        Self {
            weights,
            mean: [0.0; N],
            square: [0.0; N],
            step: 0,
        }
    }

    pub(super) fn step(&mut self, gradient: &[f32; N], rate: f32) {
        self.step += 1;
        let bias_mean = 1.0 - 0.9_f32.powi(self.step);
        let bias_square = 1.0 - 0.999_f32.powi(self.step);
        for (((w, m), s), g) in self
            .weights
            .iter_mut()
            .zip(&mut self.mean)
            .zip(&mut self.square)
            .zip(gradient)
        {
            *m = 0.9 * *m + 0.1 * g;
            *s = 0.999 * *s + 0.001 * g * g;
            *w -= rate * (*m / bias_mean) / ((*s / bias_square).sqrt() + 1e-8);
        }
    }
}
