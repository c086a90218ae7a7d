//! The network: embeddings, layers of attention (Devlin et al. 2019), pooling.
//!
//! One text at a time, so that there is no padding and no mask. Written here over plain tensors
//! rather than taken from a collection of models: every name and shape is checked before the first
//! sentence, and a hundred other models need not be compiled.

use std::path::Path;

use candle_core::{D, DType, Device, Result, Tensor, safetensors::SliceSafetensors};

use super::{
    EncoderError,
    config::{Activation, Config, Pooling},
};

/// The network with its weights.
pub(super) struct Bert {
    words: Tensor,
    /// Positions from the first token's on, with what the type of a first sentence adds.
    places: Tensor,
    norm: Norm,
    layers: Vec<Layer>,
    heads: usize,
    activation: Activation,
    pooling: Pooling,
}

struct Layer {
    query: Linear,
    key: Linear,
    value: Linear,
    attended: Linear,
    attended_norm: Norm,
    inner: Linear,
    outer: Linear,
    outer_norm: Norm,
}

struct Linear {
    /// Input by output.
    weight: Tensor,
    bias: Tensor,
}

struct Norm {
    weight: Tensor,
    bias: Tensor,
    eps: f64,
}

impl Bert {
    /// Takes the weights out of a file in the safetensors format.
    pub(super) fn load(
        config: &Config,
        bytes: &[u8],
        file: &Path,
    ) -> std::result::Result<Self, EncoderError> {
        let tensors = Tensors::read(config, bytes, file)?;
        let (width, inner) = (config.width, config.inner);
        let embedding = |name: &str, rows: usize| {
            tensors.get(
                &format!("embeddings.{name}_embeddings.weight"),
                &[rows, width],
            )
        };
        let positions = embedding("position", config.positions)?;
        let types = embedding("token_type", config.types)?;
        let first = config.first_position;
        let places = positions
            .narrow(0, first, config.positions - first)
            .and_then(|positions| positions.broadcast_add(&types.narrow(0, 0, 1)?))
            .map_err(|error| tensors.invalid(&error))?;
        let layers = (0..config.layers)
            .map(|number| {
                let at = |part: &str| format!("encoder.layer.{number}.{part}");
                Ok(Layer {
                    query: tensors.linear(&at("attention.self.query"), width, width)?,
                    key: tensors.linear(&at("attention.self.key"), width, width)?,
                    value: tensors.linear(&at("attention.self.value"), width, width)?,
                    attended: tensors.linear(&at("attention.output.dense"), width, width)?,
                    attended_norm: tensors.norm(&at("attention.output.LayerNorm"))?,
                    inner: tensors.linear(&at("intermediate.dense"), width, inner)?,
                    outer: tensors.linear(&at("output.dense"), inner, width)?,
                    outer_norm: tensors.norm(&at("output.LayerNorm"))?,
                })
            })
            .collect::<std::result::Result<_, EncoderError>>()?;
        Ok(Self {
            words: embedding("word", config.words)?,
            places,
            norm: tensors.norm("embeddings.LayerNorm")?,
            layers,
            heads: config.heads,
            activation: config.activation,
            pooling: config.pooling,
        })
    }

    /// The direction of a text's tokens, of length 1.
    pub(super) fn encode(&self, tokens: &[u32]) -> Result<Vec<f32>> {
        let n_tokens = tokens.len();
        let ids = Tensor::from_slice(tokens, n_tokens, &Device::Cpu)?;
        let words = self.words.index_select(&ids, 0)?;
        let mut state = self
            .norm
            .apply(&(words + self.places.narrow(0, 0, n_tokens)?)?)?;
        for layer in &self.layers {
            state = layer.apply(&state, self.heads, self.activation)?;
        }
        let pooled = match self.pooling {
            Pooling::First => state.narrow(0, 0, 1)?.squeeze(0)?,
            Pooling::Mean => state.mean(0)?,
        };
        let mut vector: Vec<f32> = pooled.to_vec1()?;
        let length = vector.iter().map(|value| value * value).sum::<f32>().sqrt();
        if length > 0.0 {
            vector.iter_mut().for_each(|value| *value /= length);
        }
        Ok(vector)
    }
}

impl Layer {
    fn apply(&self, state: &Tensor, heads: usize, activation: Activation) -> Result<Tensor> {
        let attended = self.attended.apply(&self.attention(state, heads)?)?;
        let state = self.attended_norm.apply(&(attended + state)?)?;
        let inner = self.inner.apply(&state)?;
        let inner = match activation {
            Activation::Gelu => inner.gelu_erf()?,
            Activation::GeluTanh => inner.gelu()?,
            Activation::Relu => inner.relu()?,
        };
        self.outer_norm.apply(&(self.outer.apply(&inner)? + state)?)
    }

    fn attention(&self, state: &Tensor, heads: usize) -> Result<Tensor> {
        let (n_tokens, width) = state.dims2()?;
        let split = |linear: &Linear| {
            linear
                .apply(state)?
                .reshape((n_tokens, heads, width / heads))?
                .transpose(0, 1)?
                .contiguous()
        };
        let (query, key, value) = (split(&self.query)?, split(&self.key)?, split(&self.value)?);
        let scale = 1.0 / ((width / heads) as f64).sqrt();
        let scores = (query.matmul(&key.t()?.contiguous()?)? * scale)?;
        let shares = scores
            .broadcast_sub(&scores.max_keepdim(D::Minus1)?)?
            .exp()?;
        let shares = shares.broadcast_div(&shares.sum_keepdim(D::Minus1)?)?;
        shares
            .matmul(&value)?
            .transpose(0, 1)?
            .reshape((n_tokens, width))
    }
}

impl Linear {
    fn apply(&self, state: &Tensor) -> Result<Tensor> {
        state.matmul(&self.weight)?.broadcast_add(&self.bias)
    }
}

impl Norm {
    fn apply(&self, state: &Tensor) -> Result<Tensor> {
        let centred = state.broadcast_sub(&state.mean_keepdim(D::Minus1)?)?;
        let spread = (centred.sqr()?.mean_keepdim(D::Minus1)? + self.eps)?.sqrt()?;
        centred
            .broadcast_div(&spread)?
            .broadcast_mul(&self.weight)?
            .broadcast_add(&self.bias)
    }
}

/// The tensors of a file.
struct Tensors<'a> {
    file: &'a Path,
    tensors: SliceSafetensors<'a>,
    /// What stands before every name: some files hold the network as a part of a larger one.
    prefix: &'static str,
    config: &'a Config,
}

impl<'a> Tensors<'a> {
    fn read(
        config: &'a Config,
        bytes: &'a [u8],
        file: &'a Path,
    ) -> std::result::Result<Self, EncoderError> {
        let tensors = SliceSafetensors::new(bytes).map_err(|error| EncoderError::Invalid {
            file: file.to_owned(),
            why: error.to_string(),
        })?;
        let prefix = ["bert.", "roberta."]
            .into_iter()
            .find(|prefix| {
                let name = format!("{prefix}embeddings.word_embeddings.weight");
                tensors.get(&name).is_ok()
            })
            .unwrap_or_default();
        Ok(Self {
            file,
            tensors,
            prefix,
            config,
        })
    }

    fn invalid(&self, error: &candle_core::Error) -> EncoderError {
        EncoderError::Invalid {
            file: self.file.to_owned(),
            why: error.to_string(),
        }
    }

    fn get(&self, name: &str, wanted: &[usize]) -> std::result::Result<Tensor, EncoderError> {
        let name = format!("{}{name}", self.prefix);
        let Ok(view) = self.tensors.get(&name) else {
            return Err(EncoderError::NoTensor {
                file: self.file.to_owned(),
                name,
            });
        };
        if view.shape() != wanted {
            return Err(EncoderError::Shape {
                file: self.file.to_owned(),
                name,
                found: view.shape().to_vec(),
                wanted: wanted.to_vec(),
            });
        }
        self.tensors
            .load(&name, &Device::Cpu)
            .and_then(|tensor| tensor.to_dtype(DType::F32))
            .map_err(|error| self.invalid(&error))
    }

    fn linear(
        &self,
        name: &str,
        from: usize,
        to: usize,
    ) -> std::result::Result<Linear, EncoderError> {
        let weight = self.get(&format!("{name}.weight"), &[to, from])?;
        let weight = weight
            .t()
            .and_then(|weight| weight.contiguous())
            .map_err(|error| self.invalid(&error))?;
        Ok(Linear {
            weight,
            bias: self.get(&format!("{name}.bias"), &[to])?,
        })
    }

    /// Older files call the two of a norm `gamma` and `beta`.
    fn norm(&self, name: &str) -> std::result::Result<Norm, EncoderError> {
        let width = self.config.width;
        let is_old = self
            .tensors
            .get(&format!("{}{name}.gamma", self.prefix))
            .is_ok();
        let (weight, bias) = if is_old {
            ("gamma", "beta")
        } else {
            ("weight", "bias")
        };
        Ok(Norm {
            weight: self.get(&format!("{name}.{weight}"), &[width])?,
            bias: self.get(&format!("{name}.{bias}"), &[width])?,
            eps: self.config.norm_eps,
        })
    }
}
