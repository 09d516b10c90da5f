//! Seeded changes to files, for the tests that run with the stable compiler.

use rand_pcg::Pcg64;
use rand_pcg::rand_core::Rng;

/// What parsers trip over.
const WORDS: [&[u8]; 16] = [
    b"-1",
    b"0",
    b"18446744073709551616",
    b"9223372036854775807",
    b"1e309",
    b"-0.0",
    b"nan",
    b"inf",
    b"\n",
    b"\r\n",
    b"\0",
    b"\xff\xfe",
    b"[]",
    b"null",
    b",",
    b"1e-320",
];

/// A number below `bound`, which is not 0.
fn below(random: &mut Pcg64, bound: usize) -> usize {
    (random.next_u64() % bound as u64) as usize
}

/// Some bytes changed, left out, doubled, taken from another file, or replaced by what parsers trip over.
pub(crate) fn changed(random: &mut Pcg64, corpus: &[Vec<u8>], mut data: Vec<u8>) -> Vec<u8> {
    for _ in 0..=below(random, 4) {
        let at = below(random, data.len() + 1);
        let end = at + below(random, (data.len() - at).min(24) + 1);
        let word = WORDS[below(random, WORDS.len())];
        match below(random, 6) {
            0 if at < data.len() => data[at] ^= 1 << below(random, 8),
            1 => data.truncate(at),
            2 => drop(data.drain(at..end)),
            3 => {
                let piece = data[at..end].to_vec();
                drop(data.splice(at..at, piece));
            }
            4 => drop(data.splice(at..end, word.iter().copied())),
            _ => {
                let other = &corpus[below(random, corpus.len())];
                let from = below(random, other.len() + 1);
                drop(data.splice(at..end, other[from..].iter().copied()));
            }
        }
    }
    data
}
