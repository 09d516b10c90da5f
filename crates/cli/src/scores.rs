//! Writing the scores of the samples: a row per sample, a column per component.

use crate::arguments::ScoresFormat;
use crate::read::Labels;
use ndarray::Array2;
use ndarray_npy::{WritableElement, WriteNpyExt};
use std::fmt::{Debug, Write as _};
use std::io::{self, Write};

/// Writes `scores` in the given format. CSV ends with the label column, if there is one; `.npy` holds
/// numbers only.
pub(crate) fn write<T: WritableElement + Debug>(
    scores: &Array2<T>,
    labels: Option<&Labels>,
    format: ScoresFormat,
    out: &mut dyn Write,
) -> io::Result<()> {
    match format {
        ScoresFormat::Csv => write_csv(scores, labels, out),
        ScoresFormat::Npy => scores.write_npy(out).map_err(io::Error::other),
    }
}

fn write_csv<T: Debug>(scores: &Array2<T>, labels: Option<&Labels>, out: &mut dyn Write) -> io::Result<()> {
    let mut writer = csv::Writer::from_writer(out);
    let names = (1..=scores.ncols()).map(|component| format!("pc{component}"));
    writer.write_record(names.chain(labels.map(|labels| labels.name.clone())))?;
    let mut cell = String::new();
    for (sample, row) in scores.rows().into_iter().enumerate() {
        for score in row {
            cell.clear();
            // Debug writes the shortest decimals that read back as the same number, like Display, and
            // turns to exponents where Display would write hundreds of zeros.
            write!(cell, "{score:?}").map_err(io::Error::other)?;
            writer.write_field(&cell)?;
        }
        if let Some(labels) = labels {
            writer.write_field(&labels.values[sample])?;
        }
        writer.write_record(None::<&[u8]>)?;
    }
    writer.flush()
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    fn text<T: WritableElement + Debug>(scores: &Array2<T>, labels: Option<&Labels>) -> String {
        let mut bytes = Vec::new();
        write(scores, labels, ScoresFormat::Csv, &mut bytes).unwrap();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn csv_reads_back_as_the_same_numbers() {
        let scores = array![[0.1, -1e-300], [1.0 / 3.0, f64::MAX]];
        let text = text(&scores, None);
        assert_eq!(text, "pc1,pc2\n0.1,-1e-300\n0.3333333333333333,1.7976931348623157e308\n");
        let read: Vec<f64> =
            text.lines().skip(1).flat_map(|line| line.split(',')).map(|cell| cell.parse().unwrap()).collect();
        assert_eq!(read, scores.as_slice().unwrap());
    }

    #[test]
    fn single_precision_is_as_short_as_it_can_be() {
        assert_eq!(text(&array![[0.1_f32]], None), "pc1\n0.1\n");
    }

    #[test]
    fn the_label_comes_last_under_its_own_name() {
        let labels = Labels { name: "kind".into(), values: vec!["a, b".into(), String::new()] };
        assert_eq!(text(&array![[1.0], [2.0]], Some(&labels)), "pc1,kind\n1.0,\"a, b\"\n2.0,\n");
    }
}
