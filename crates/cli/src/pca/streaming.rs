//! The analysis of a file that is never in memory: one pass over blocks of its rows fits the model, and a second one, where
//! it is asked for, transforms them, writes their scores as they come, and verifies the model.

use super::outputs::{Plotted, complete, headings};
use super::{Analysis, Found, approximate};
use crate::arguments::{PcaArguments, Solver};
use crate::atomic_write::Draft;
use crate::columns::ColumnsWriter;
use crate::error::{Error, Result};
use crate::model_run::{ModelRun, Written};
use crate::read::{self, Element, Labels, NpyBlocks, Precision};
use crate::report::Check;
use lapwing::{IncrementalMethod, IncrementalPca, NComponents, Pca};
use std::io;
use std::time::Instant;

/// Bytes of a block, where `--batch-rows` does not say: enough to feed the products, and to read in one sweep, and little
/// beside the p x p numbers that are kept.
const BLOCK: usize = 16 << 20;

/// How to fit from blocks, if the arguments ask for that.
pub(super) fn method(arguments: &PcaArguments) -> Result<Option<IncrementalMethod>> {
    match (arguments.solver, arguments.batch_rows) {
        (Some(Solver::Incremental), _) | (None | Some(Solver::Auto), Some(_)) => {
            Ok(Some(IncrementalMethod::Auto))
        }
        (Some(Solver::Covariance), Some(_)) => Ok(Some(IncrementalMethod::Exact)),
        (Some(Solver::Full | Solver::Randomized), Some(_)) => Err(Error::new(
            "--batch-rows reads some rows at a time, and this solver takes all of them at once",
        )
        .remedy("choose --solver covariance or incremental, or leave --batch-rows out")),
        (_, None) => Ok(None),
    }
}

pub(super) fn run(analysis: Analysis<'_>, method: IncrementalMethod) -> Result<()> {
    let arguments = analysis.arguments;
    let blocks = read::blocks(&arguments.model.input, arguments.label.as_deref())?;
    match blocks.precision() {
        Precision::Single => of_blocks::<f32>(analysis, &blocks, method),
        Precision::Double => of_blocks::<f64>(analysis, &blocks, method),
    }
}

fn of_blocks<T: Element>(
    analysis: Analysis<'_>,
    blocks: &NpyBlocks,
    method: IncrementalMethod,
) -> Result<()> {
    let started = Instant::now();
    let fitted = match &analysis.arguments.model.load_model {
        Some(model) => {
            let pca = analysis.load::<T>(model, blocks.features())?;
            Fitted {
                solver: pca.solver().to_string(),
                approximate: approximate(&pca),
                batch_rows: batch_rows::<T>(&analysis, blocks, 1),
                pca,
            }
        }
        None => fit::<T>(&analysis, blocks, method)?,
    };
    // Of the fit, with the reading that it cannot be told from; not of what is written and verified, as in memory.
    let seconds = started.elapsed().as_secs_f64();
    let second = second_pass(&analysis, blocks, &fitted)?;
    let label = blocks.label_name();
    let found = Found {
        pca: &fitted.pca,
        solver: fitted.solver,
        approximate: fitted.approximate,
        shape: (blocks.rows(), blocks.features()),
        label: label.as_deref(),
        batch_rows: Some(fitted.batch_rows),
        seconds,
        certificate: second.certificate,
    };
    analysis.conclude(found, |analysis| {
        complete(second.written, &analysis.run, &fitted.pca, blocks.rows(), second.plotted)
    })
}

/// A model, and how it came about.
struct Fitted<T: Element> {
    pca: Pca<T>,
    solver: String,
    approximate: Option<&'static str>,
    batch_rows: usize,
}

fn fit<T: Element>(
    analysis: &Analysis<'_>,
    blocks: &NpyBlocks,
    method: IncrementalMethod,
) -> Result<Fitted<T>> {
    let Analysis { arguments, run: ModelRun { file, progress, .. } } = analysis;
    let features = blocks.features();
    let n_components = analysis.components(blocks.rows(), features)?;
    let method = method.resolve(features);
    let batch_rows = batch_rows::<T>(analysis, blocks, least_rows(analysis, method, n_components, features)?);
    let params =
        IncrementalPca::params().n_components(n_components).whitening(analysis.whitening()).method(method);
    let mut incremental = params.start::<T>();
    let count = progress.bytes(format!("reading {file}"), Some(blocks.bytes()));
    blocks.each::<T>(batch_rows, &count, |block| Ok(incremental.partial_fit(&block.features)?))?;
    progress.phase(format!("decomposing {features} x {features}"));
    let pca = incremental.to_pca()?;
    let (solver, approximate) = match (arguments.solver, method) {
        (_, IncrementalMethod::LowRank) => ("incremental_low_rank".to_owned(), Some("the low-rank update")),
        (Some(Solver::Covariance), _) => (pca.solver().to_string(), None),
        _ => ("incremental_exact".to_owned(), None),
    };
    Ok(Fitted { pca, solver, approximate, batch_rows })
}

/// How many rows the first block must have. The low-rank method takes all components from it, and sees no more of the
/// spectrum than those.
fn least_rows(
    analysis: &Analysis<'_>,
    method: IncrementalMethod,
    n_components: NComponents,
    features: usize,
) -> Result<usize> {
    if method != IncrementalMethod::LowRank {
        return Ok(1);
    }
    let most = IncrementalMethod::MOST_EXACT_FEATURES;
    let NComponents::Count(count) = n_components else {
        return Err(Error::new(format!(
            "{} has {features} features, and of more than {most} the incremental solver keeps the leading components \
             alone",
            analysis.run.file
        ))
        .remedy("give --components a count, or choose --solver covariance if its matrix fits into memory"));
    };
    match analysis.arguments.batch_rows {
        Some(rows) if rows < count => Err(Error::new(format!(
            "--batch-rows {rows} is less than the {count} components, which of more than {most} features the \
             incremental solver takes from the first block"
        ))
        .remedy(format!("give --batch-rows at least {count}, or keep fewer components"))),
        _ => Ok(count),
    }
}

fn batch_rows<T: Element>(analysis: &Analysis<'_>, blocks: &NpyBlocks, least: usize) -> usize {
    let by_size = BLOCK / (blocks.features() * size_of::<T>());
    analysis.arguments.batch_rows.unwrap_or(by_size.max(least)).clamp(1, blocks.rows())
}

/// What the second pass finds and writes.
#[derive(Default)]
struct SecondPass {
    certificate: Option<Vec<Check>>,
    plotted: Plotted,
    written: Written,
}

fn second_pass<T: Element>(
    analysis: &Analysis<'_>,
    blocks: &NpyBlocks,
    fitted: &Fitted<T>,
) -> Result<SecondPass> {
    let Analysis { arguments, run: ModelRun { targets, file, progress, .. } } = analysis;
    let Fitted { pca, batch_rows, .. } = fitted;
    let mut second = SecondPass::default();
    if !analysis.wants_scores() && !arguments.verify {
        return Ok(second);
    }
    let name = blocks.label_name();
    let mut certificate = if arguments.verify { Some(pca.running_certificate()?) } else { None };
    let mut draft = None;
    if analysis.wants_scores() {
        analysis.require_components(pca)?;
        draft = targets.columns.as_ref().map(Draft::begin).transpose()?;
    }
    let unwritable = |error: io::Error| match &targets.columns {
        Some(target) => Error::file("write", target.path(), &error),
        None => Error::new(format!("cannot write the scores: {error}")),
    };
    let mut writer = match (&mut draft, &arguments.model.output) {
        (Some(draft), Some(file)) => {
            let writer =
                ColumnsWriter::begin::<T>(draft, file.format, blocks.rows(), &headings(pca), name.as_deref());
            Some(writer.map_err(unwritable)?)
        }
        _ => None,
    };
    let plot = targets.plot.is_some();
    let mut values = Vec::new();
    let count = progress.bytes(format!("transforming {file}"), Some(blocks.bytes()));
    blocks.each::<T>(*batch_rows, &count, |block| {
        if let Some(certificate) = &mut certificate {
            certificate.add_rows(&block.features)?;
        }
        if !analysis.wants_scores() {
            return Ok(());
        }
        let scores = pca.transform(&block.features)?;
        let labels: Vec<String> = block.labels.iter().map(T::to_string).collect();
        if let Some(writer) = &mut writer {
            writer.append(&scores, name.is_some().then_some(&labels)).map_err(unwritable)?;
        }
        if plot {
            second.plotted.extend(&scores);
            values.extend(labels);
        }
        Ok(())
    })?;
    writer.map(ColumnsWriter::finish).transpose().map_err(unwritable)?;
    if let (Some(draft), Some(target)) = (draft, &targets.columns) {
        second.written.outputs.finish(draft)?;
        second.written.note(&format!("scores, {} x {}", blocks.rows(), pca.n_components()), target);
    }
    if plot {
        second.plotted.labels = name.map(|name| Labels { name, values });
    }
    second.certificate =
        certificate.map(|certificate| certificate.finish()).transpose()?.map(|found| Check::list(&found));
    Ok(second)
}
