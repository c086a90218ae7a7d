//! A model of two layers with random weights, made here, stands for one that means something.

use std::{collections::HashMap, fs, path::Path};

use candle_core::{Device, Tensor};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::*;
use crate::{
    Doc, Engine, Query, classify::random::Random, parts::Parts, train, train::Case, words::Decision,
};

const WIDTH: usize = 32;
const INNER: usize = 48;
const POSITIONS: usize = 40;
const WORDS: [&str; 18] = [
    "[PAD]", "[UNK]", "[CLS]", "[SEP]", "退", "款", "多", "久", "到", "账", "怎", "么", "开", "发",
    "票", "货", "where", "##s",
];

fn config() -> Value {
    json!({
        "model_type": "bert", "hidden_size": WIDTH, "num_hidden_layers": 2,
        "num_attention_heads": 4, "intermediate_size": INNER, "vocab_size": WORDS.len(),
        "max_position_embeddings": POSITIONS, "type_vocab_size": 2, "hidden_act": "gelu",
        "pad_token_id": 0,
    })
}

fn tokenizer() -> Value {
    let vocab: HashMap<&str, usize> = WORDS.iter().copied().zip(0..).collect();
    let special = |id: usize| {
        json!({"id": id, "content": WORDS[id], "special": true, "single_word": false,
               "lstrip": false, "rstrip": false, "normalized": false})
    };
    let mark = |name: &str| json!({"SpecialToken": {"id": name, "type_id": 0}});
    let marks = |name: &str, id: usize| json!({"id": name, "ids": [id], "tokens": [name]});
    json!({
        "version": "1.0", "truncation": null,
        // A file's own padding must not change what a text means.
        "padding": {"strategy": {"Fixed": 30}, "direction": "Right", "pad_to_multiple_of": null,
                    "pad_id": 0, "pad_type_id": 0, "pad_token": "[PAD]"},
        "added_tokens": [special(0), special(1), special(2), special(3)],
        "normalizer": {"type": "BertNormalizer", "clean_text": true, "handle_chinese_chars": true,
                       "strip_accents": null, "lowercase": true},
        "pre_tokenizer": {"type": "BertPreTokenizer"},
        "post_processor": {
            "type": "TemplateProcessing",
            "single": [mark("[CLS]"), {"Sequence": {"id": "A", "type_id": 0}}, mark("[SEP]")],
            "pair": [mark("[CLS]"), {"Sequence": {"id": "A", "type_id": 0}}, mark("[SEP]"),
                     {"Sequence": {"id": "B", "type_id": 1}}, mark("[SEP]")],
            "special_tokens": {"[CLS]": marks("[CLS]", 2), "[SEP]": marks("[SEP]", 3)},
        },
        "decoder": null,
        "model": {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##",
                  "max_input_chars_per_word": 100, "vocab": vocab},
    })
}

/// Names and shapes of the network.
fn shapes() -> Vec<(String, Vec<usize>)> {
    let mut all = vec![
        (
            "embeddings.word_embeddings.weight".to_owned(),
            vec![WORDS.len(), WIDTH],
        ),
        (
            "embeddings.position_embeddings.weight".to_owned(),
            vec![POSITIONS, WIDTH],
        ),
        (
            "embeddings.token_type_embeddings.weight".to_owned(),
            vec![2, WIDTH],
        ),
        ("embeddings.LayerNorm.weight".to_owned(), vec![WIDTH]),
        ("embeddings.LayerNorm.bias".to_owned(), vec![WIDTH]),
    ];
    for layer in 0..2 {
        for (part, to, from) in [
            ("attention.self.query", WIDTH, WIDTH),
            ("attention.self.key", WIDTH, WIDTH),
            ("attention.self.value", WIDTH, WIDTH),
            ("attention.output.dense", WIDTH, WIDTH),
            ("intermediate.dense", INNER, WIDTH),
            ("output.dense", WIDTH, INNER),
        ] {
            let name = format!("encoder.layer.{layer}.{part}");
            all.push((format!("{name}.weight"), vec![to, from]));
            all.push((format!("{name}.bias"), vec![to]));
        }
        for part in ["attention.output.LayerNorm", "output.LayerNorm"] {
            let name = format!("encoder.layer.{layer}.{part}");
            all.push((format!("{name}.weight"), vec![WIDTH]));
            all.push((format!("{name}.bias"), vec![WIDTH]));
        }
    }
    all
}

type Weights = HashMap<String, Tensor>;

fn weights() -> Weights {
    let mut random = Random::new(7);
    shapes()
        .into_iter()
        .map(|(name, shape)| {
            let n = shape.iter().product();
            let is_norm = name.ends_with("LayerNorm.weight");
            let values: Vec<f32> = (0..n)
                .map(|_| {
                    let around = if is_norm { 1.0 } else { 0.0 };
                    around + 0.4 * (random.unit() - 0.5)
                })
                .collect();
            let tensor = Tensor::from_vec(values, shape, &Device::Cpu).unwrap();
            (name, tensor)
        })
        .collect()
}

fn write_weights(folder: &Path, weights: &Weights) {
    candle_core::safetensors::save(weights, folder.join("model.safetensors")).unwrap();
}

fn write_json(folder: &Path, name: &str, value: &Value) {
    fs::write(folder.join(name), value.to_string()).unwrap();
}

fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    write_json(folder.path(), "config.json", &config());
    write_json(folder.path(), "tokenizer.json", &tokenizer());
    write_weights(folder.path(), &weights());
    folder
}

fn pool(folder: &Path, pooling: &Value) {
    fs::create_dir_all(folder.join("1_Pooling")).unwrap();
    write_json(&folder.join("1_Pooling"), "config.json", pooling);
}

#[test]
fn a_text_has_one_direction_whatever_is_encoded_with_it() {
    let folder = folder();
    let encoder = Encoder::open(folder.path()).unwrap();
    let long = "退款多久到账".repeat(5_000);
    let texts = [
        "退款多久到账",
        "怎么开发票",
        "",
        "Where",
        "😀",
        &long,
        "退款多久到账",
    ];
    let together = encoder.encode(&texts);
    for (text, vector) in texts.iter().zip(&together) {
        assert_eq!(vector.len(), WIDTH);
        let length: f32 = vector.iter().map(|value| value * value).sum();
        assert!((length - 1.0).abs() < 1e-4, "{length}");
        assert_eq!(&encoder.encode(&[text])[0], vector);
    }
    assert_eq!(together[0], together[6]);
    assert_ne!(together[0], together[1]);
    let again = Encoder::open(folder.path()).unwrap().encode(&texts);
    assert_eq!(again, together);
    let threads: Vec<_> = std::thread::scope(|scope| {
        let all: Vec<_> = (0..4)
            .map(|_| scope.spawn(|| encoder.encode(&texts)))
            .collect();
        all.into_iter().map(|one| one.join().unwrap()).collect()
    });
    assert!(threads.iter().all(|one| *one == together));
}

/// The same network written out with plain loops.
fn by_hand(weights: &Weights, tokens: &[usize], first_position: usize) -> Vec<f32> {
    let get = |name: &str| -> Vec<f32> { weights[name].flatten_all().unwrap().to_vec1().unwrap() };
    let norm = |row: &[f32], name: &str| -> Vec<f32> {
        let (weight, bias) = (get(&format!("{name}.weight")), get(&format!("{name}.bias")));
        let mean = row.iter().sum::<f32>() / WIDTH as f32;
        let spread = row.iter().map(|x| (x - mean).powi(2)).sum::<f32>() / WIDTH as f32;
        (0..WIDTH)
            .map(|at| (row[at] - mean) / (spread + 1e-12).sqrt() * weight[at] + bias[at])
            .collect()
    };
    let linear = |row: &[f32], name: &str| -> Vec<f32> {
        let (weight, bias) = (get(&format!("{name}.weight")), get(&format!("{name}.bias")));
        (0..bias.len())
            .map(|to| {
                let sum: f32 = (0..row.len())
                    .map(|at| row[at] * weight[to * row.len() + at])
                    .sum();
                sum + bias[to]
            })
            .collect()
    };
    let add = |a: &[f32], b: &[f32]| -> Vec<f32> { a.iter().zip(b).map(|(a, b)| a + b).collect() };
    let row = |name: &str, at: usize| get(name)[at * WIDTH..(at + 1) * WIDTH].to_vec();
    let mut state: Vec<Vec<f32>> = tokens
        .iter()
        .enumerate()
        .map(|(at, token)| {
            let word = row("embeddings.word_embeddings.weight", *token);
            let place = row("embeddings.position_embeddings.weight", first_position + at);
            let kind = row("embeddings.token_type_embeddings.weight", 0);
            norm(&add(&add(&word, &place), &kind), "embeddings.LayerNorm")
        })
        .collect();
    // Without a library's error function: its derivative, summed in small steps.
    let gelu = |x: f32| {
        let n = 2_000;
        let step = f64::from(x) / std::f64::consts::SQRT_2 / f64::from(n);
        let sum: f64 = (0..n)
            .map(|at| (-((f64::from(at) + 0.5) * step).powi(2)).exp())
            .sum();
        let erf = sum * step * 2.0 / std::f64::consts::PI.sqrt();
        (f64::from(x) * 0.5 * (1.0 + erf)) as f32
    };
    for layer in 0..2 {
        let name = |part: &str| format!("encoder.layer.{layer}.{part}");
        let all = |part: &str| -> Vec<Vec<f32>> {
            state.iter().map(|row| linear(row, &name(part))).collect()
        };
        let (query, key, value) = (
            all("attention.self.query"),
            all("attention.self.key"),
            all("attention.self.value"),
        );
        let attended: Vec<Vec<f32>> = (0..state.len())
            .map(|at| {
                (0..4)
                    .flat_map(|head| {
                        let own = head * 8..(head + 1) * 8;
                        let raised: Vec<f32> = key
                            .iter()
                            .map(|key| {
                                let dot: f32 = own.clone().map(|i| query[at][i] * key[i]).sum();
                                (dot / 8.0_f32.sqrt()).exp()
                            })
                            .collect();
                        let total: f32 = raised.iter().sum();
                        let (raised, value) = (&raised, &value);
                        own.map(move |i| {
                            raised
                                .iter()
                                .zip(value)
                                .map(|(share, row)| share / total * row[i])
                                .sum()
                        })
                        .collect::<Vec<f32>>()
                    })
                    .collect()
            })
            .collect();
        state = state
            .iter()
            .zip(&attended)
            .map(|(row, attended)| {
                let attended = linear(attended, &name("attention.output.dense"));
                let row = norm(&add(&attended, row), &name("attention.output.LayerNorm"));
                let inner: Vec<f32> = linear(&row, &name("intermediate.dense"))
                    .into_iter()
                    .map(gelu)
                    .collect();
                norm(
                    &add(&linear(&inner, &name("output.dense")), &row),
                    &name("output.LayerNorm"),
                )
            })
            .collect();
    }
    let pooled: Vec<f32> = (0..WIDTH)
        .map(|i| state.iter().map(|row| row[i]).sum())
        .collect();
    let length = pooled.iter().map(|x| x * x).sum::<f32>().sqrt();
    pooled.iter().map(|x| x / length).collect()
}

fn assert_near(found: &[f32], expected: &[f32]) {
    let far = found
        .iter()
        .zip(expected)
        .map(|(a, b)| (a - b).abs())
        .fold(0.0, f32::max);
    assert!(found.len() == expected.len() && far < 1e-4, "{far}");
}

#[test]
fn the_network_computes_what_its_definition_says() {
    let folder = folder();
    let encoder = Encoder::open(folder.path()).unwrap();
    // [CLS] 退 款 [UNK] where ##s [SEP]
    let tokens = [2, 4, 5, 1, 16, 17, 3];
    let found = encoder.encode(&["退款吗 WHEREs"]);
    assert_near(&found[0], &by_hand(&weights(), &tokens, 0));
    pool(folder.path(), &json!({"pooling_mode_mean_tokens": true}));
    assert_eq!(
        Encoder::open(folder.path())
            .unwrap()
            .encode(&["退款吗 WHEREs"]),
        found
    );

    let mut roberta = config();
    roberta["model_type"] = json!("xlm-roberta");
    roberta["pad_token_id"] = json!(1);
    write_json(folder.path(), "config.json", &roberta);
    let found = Encoder::open(folder.path())
        .unwrap()
        .encode(&["退款吗 WHEREs"]);
    assert_near(&found[0], &by_hand(&weights(), &tokens, 2));
}

#[test]
fn pooling_and_names_are_as_the_folder_says() {
    let folder = folder();
    let encode = || {
        Encoder::open(folder.path())
            .unwrap()
            .encode(&["怎么开发票"])
    };
    let mean = encode();
    pool(
        folder.path(),
        &json!({"pooling_mode_cls_token": true, "pooling_mode_mean_tokens": false}),
    );
    assert_ne!(encode(), mean);
    pool(
        folder.path(),
        &json!({"pooling_mode_cls_token": false, "pooling_mode_mean_tokens": true}),
    );
    // As a part of a larger network, with the older names of a norm's two.
    let renamed: Weights = weights()
        .into_iter()
        .map(|(name, tensor)| {
            let name = name
                .replace("LayerNorm.weight", "LayerNorm.gamma")
                .replace("LayerNorm.bias", "LayerNorm.beta");
            (format!("bert.{name}"), tensor)
        })
        .collect();
    write_weights(folder.path(), &renamed);
    assert_eq!(encode(), mean);
}

#[test]
fn wrong_folders_say_what_is_wrong() {
    type Break = fn(&Path);
    let cases: [(&str, Break); 20] = [
        ("is no folder", |folder| fs::remove_dir_all(folder).unwrap()),
        ("has no config.json", |folder| {
            fs::remove_file(folder.join("config.json")).unwrap()
        }),
        ("has no tokenizer.json", |folder| {
            fs::remove_file(folder.join("tokenizer.json")).unwrap();
        }),
        ("has no model.safetensors", |folder| {
            fs::remove_file(folder.join("model.safetensors")).unwrap();
        }),
        ("config.json cannot be used", |folder| {
            fs::write(folder.join("config.json"), "no JSON").unwrap();
        }),
        ("missing field `hidden_size`", |folder| {
            write_json(folder, "config.json", &json!({}))
        }),
        ("tokenizer.json cannot be used", |folder| {
            fs::write(folder.join("tokenizer.json"), "[]").unwrap();
        }),
        ("model.safetensors cannot be used", |folder| {
            fs::write(folder.join("model.safetensors"), "no tensors").unwrap();
        }),
        ("model.safetensors cannot be used", |folder| {
            let file = folder.join("model.safetensors");
            let bytes = fs::read(&file).unwrap();
            fs::write(file, &bytes[..bytes.len() - 5]).unwrap();
        }),
        ("no tensor encoder.layer.1.output.dense.bias", |folder| {
            let mut weights = weights();
            weights.remove("encoder.layer.1.output.dense.bias").unwrap();
            write_weights(folder, &weights);
        }),
        ("has the shape [48, 32] instead of [32, 48]", |folder| {
            let mut weights = weights();
            let wrong = weights["encoder.layer.0.output.dense.weight"].t().unwrap();
            let name = "encoder.layer.0.output.dense.weight".to_owned();
            weights.insert(name, wrong.contiguous().unwrap());
            write_weights(folder, &weights);
        }),
        ("the tokenizer in", |folder| {
            let mut config = config();
            config["vocab_size"] = json!(10);
            write_json(folder, "config.json", &config);
        }),
        ("hidden_size is 0", |folder| {
            let mut config = config();
            config["hidden_size"] = json!(0);
            write_json(folder, "config.json", &config);
        }),
        ("num_hidden_layers is 4000000000", |folder| {
            let mut config = config();
            config["num_hidden_layers"] = json!(4_000_000_000_u64);
            write_json(folder, "config.json", &config);
        }),
        ("no multiple of num_attention_heads", |folder| {
            let mut config = config();
            config["num_attention_heads"] = json!(5);
            write_json(folder, "config.json", &config);
        }),
        ("a model of type gpt2", |folder| {
            let mut config = config();
            config["model_type"] = json!("gpt2");
            write_json(folder, "config.json", &config);
        }),
        ("hidden_act swish", |folder| {
            let mut config = config();
            config["hidden_act"] = json!("swish");
            write_json(folder, "config.json", &config);
        }),
        ("another pooling", |folder| {
            pool(folder, &json!({"pooling_mode_max_tokens": true}))
        }),
        ("a module Dense", |folder| {
            let modules = json!([{"type": "sentence_transformers.models.Transformer"},
                                 {"type": "sentence_transformers.models.Dense"}]);
            write_json(folder, "modules.json", &modules);
        }),
        ("does not work: its vectors are not numbers", |folder| {
            let mut weights = weights();
            let none = vec![f32::NAN; WIDTH];
            let none = Tensor::from_vec(none, WIDTH, &Device::Cpu).unwrap();
            weights.insert("encoder.layer.1.output.LayerNorm.bias".to_owned(), none);
            write_weights(folder, &weights);
        }),
    ];
    for (expected, damage) in cases {
        let folder = folder();
        damage(folder.path());
        let error = Encoder::open(folder.path()).unwrap_err().to_string();
        assert!(error.contains(expected), "{expected}: {error}");
        assert!(
            error.is_ascii() || error.contains('（') || error.contains('('),
            "{error}"
        );
    }
}

#[test]
fn files_that_are_too_large_are_not_read() {
    let folder = folder();
    let file = fs::File::create(folder.path().join("model.safetensors")).unwrap();
    // A hole takes no room on the disk.
    file.set_len(folder::MAX_WEIGHTS_BYTES + 1).unwrap();
    let error = Encoder::open(folder.path()).unwrap_err();
    assert!(matches!(error, EncoderError::TooLarge { .. }), "{error}");
}

#[cfg(unix)]
#[test]
fn links_out_of_the_folder_are_not_followed() {
    let (folder, elsewhere) = (folder(), folder());
    let name = "tokenizer.json";
    fs::remove_file(folder.path().join(name)).unwrap();
    std::os::unix::fs::symlink(elsewhere.path().join(name), folder.path().join(name)).unwrap();
    let error = Encoder::open(folder.path()).unwrap_err();
    assert!(matches!(error, EncoderError::Outside(_)), "{error}");
    // Within it they are.
    fs::remove_file(folder.path().join(name)).unwrap();
    write_json(folder.path(), "real.json", &tokenizer());
    std::os::unix::fs::symlink("real.json", folder.path().join(name)).unwrap();
    assert!(Encoder::open(folder.path()).is_ok());
}

fn doc(id: &str, question: &str, similar: &[&str]) -> Doc {
    Doc {
        faq_id: id.to_owned(),
        version: 1,
        business_line: "全店".to_owned(),
        category: "售后".to_owned(),
        question: question.to_owned(),
        similar: similar.iter().map(|text| (*text).to_owned()).collect(),
        answer: "好的。".to_owned(),
    }
}

fn shop() -> Vec<Doc> {
    vec![
        doc("f1", "退款多久到账", &["退的钱什么时候到"]),
        doc("f2", "怎么开发票", &["能开票吗", ""]),
        doc("f3", "什么时候发货", &[]),
    ]
}

fn with(encoder: &Arc<Encoder>) -> Engine {
    Engine::build_with(shop(), Parts::shipped().with_encoder(Some(encoder))).unwrap()
}

#[test]
fn the_engine_ranks_with_it() {
    let folder = folder();
    let encoder = Arc::new(Encoder::open(folder.path()).unwrap());
    let (plain, engine) = (Engine::build(shop()).unwrap(), with(&encoder));
    for text in [
        "退款多久",
        "票怎么开",
        "账",
        "😀",
        "",
        "Where is it",
        &"退".repeat(3_000),
    ] {
        let query = Query::plain(text);
        let ranking = engine.ranking(&query);
        assert_eq!(ranking, with(&encoder).ranking(&query));
        let sum: f32 = ranking.rows.iter().map(|row| row.extra).sum();
        assert!(sum.abs() < 0.1, "{sum}");
        for row in &plain.ranking(&query).rows {
            assert_eq!(row.extra, 0.0);
            assert!(ranking.rows.iter().any(|other| other.place == row.place));
        }
        let mut without = ranking.clone();
        without.rows.iter_mut().for_each(|row| row.extra = 0.0);
        let without = train::rescored(&without, &engine.parts().weights().fusion);
        for row in &ranking.rows {
            let same = without.rows.iter().find(|same| same.place == row.place);
            assert!((row.score - row.extra - same.unwrap().score).abs() < 1e-4);
        }
        let found = engine.understand(&query);
        assert!((0.0..=1.0).contains(&found.confidence));
        let shares = engine.explain(&query);
        assert!(
            shares
                .iter()
                .flat_map(|one| &one.grounds)
                .all(|(_, share)| share.is_finite())
        );
    }
    let found = engine.understand(&Query::plain("怎么开发票"));
    assert_eq!(
        (found.decision, found.candidates[0].faq_id.as_str()),
        (Decision::Answer, "f2")
    );
    assert!(Engine::build_with(Vec::new(), Parts::shipped().with_encoder(Some(&encoder))).is_ok());
}

#[test]
fn living_engines_share_vectors_and_dead_ones_leave_none() {
    let folder = folder();
    let encoder = Arc::new(Encoder::open(folder.path()).unwrap());
    let n_held = || encoder.held.lock().unwrap().len();
    let first = with(&encoder);
    let n = n_held();
    assert_eq!(n, 6);
    let second = with(&encoder);
    assert_eq!(n_held(), n);
    encoder.stop();
    let query = Query::plain("退款多久");
    let extras = |engine: &Engine| -> Vec<f32> {
        let rows = engine.ranking(&query).rows;
        rows.iter().map(|row| row.extra).collect()
    };
    // What has a direction keeps it; what is new gets none.
    assert_eq!(extras(&with(&encoder)), extras(&first));
    let other = vec![doc("f9", "退款多久到", &[])];
    let other = Engine::build_with(other, Parts::shipped().with_encoder(Some(&encoder))).unwrap();
    assert_eq!(extras(&other), [0.0]);
    drop((first, second, other));
    encoder.tidy();
    assert_eq!(n_held(), 0);
}

#[test]
fn picks_fit_its_weight() {
    let folder = folder();
    let encoder = Arc::new(Encoder::open(folder.path()).unwrap());
    let engine = with(&encoder);
    let case = |right: f32| {
        let mut ranking = engine.ranking(&Query::plain("退款多久"));
        for row in &mut ranking.rows {
            row.extra = if row.place == 1 { right } else { -right };
        }
        Case {
            ranking,
            gold: Some(1),
            weight: 1.0,
            decided_before: false,
        }
    };
    let fusion = &engine.parts().weights().fusion;
    let fit = |right: f32| train::fit_encoder(&[&case(right)], fusion);
    assert!(fit(0.3) > 2.0, "{}", fit(0.3));
    assert!(fit(-0.3) < 0.1, "{}", fit(-0.3));
    assert_eq!(fit(0.0), 1.0);

    let shipped = engine.parts().weights().clone();
    assert!(!shipped.to_json().contains("encoder"));
    let moved = crate::parts::Weights {
        encoder: 2.5,
        ..shipped
    };
    let read = crate::parts::Weights::from_json(&moved.to_json()).unwrap();
    assert_eq!(read.encoder, 2.5);
}
