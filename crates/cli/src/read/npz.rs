//! numpy's `.npz`: an archive of one dense matrix, or of a sparse one as `scipy.sparse.save_npz` writes it.

use super::npy::{self, Header};
use super::{Apart, Matrix, NOT_FINITE_REMEDY, sparse_from_triplets};
use crate::error::{Error, Result};
use crate::progress::Counted;
use std::fs::File;
use std::io::{BufReader, Read};
use zip::ZipArchive;

/// What is read from: a file, with a count of what has been read.
type Input = BufReader<Counted<File>>;

/// What a zip archive begins with.
pub(super) const MAGIC: &[u8] = b"PK\x03\x04";

/// What a byte of an archive stands for at the most: deflate stores 258 bytes in two bits.
const MOST_COMPRESSED: u64 = 1032;

/// Reads the matrix from `input`, a file of `length` bytes that messages call `name`.
pub(super) fn read(input: Input, length: u64, name: &str) -> Result<Matrix> {
    let unreadable = |what: String| Error::new(format!("{name} is not a readable .npz file: {what}"));
    let mut archive = ZipArchive::new(input).map_err(|error| unreadable(error.to_string()))?;
    for index in 0..archive.len() {
        // Nothing else bounds the memory that is set aside for a member.
        let size = archive.by_index_raw(index).map_err(|error| unreadable(error.to_string()))?.size();
        if size > length.saturating_mul(MOST_COMPRESSED) {
            return Err(unreadable(format!("an array claims {size} bytes, more than {length} can hold")));
        }
    }
    let members: Vec<String> = archive.file_names().map(str::to_owned).collect();
    let holds = |member: &str| members.iter().any(|name| name == member);
    if ["data.npy", "indices.npy", "indptr.npy", "shape.npy"].into_iter().all(holds) {
        return sparse(&mut archive, name);
    }
    match members.as_slice() {
        [member] => {
            let file = open(&mut archive, member, name)?;
            let length = file.size();
            let member = member.strip_suffix(".npy").unwrap_or(member);
            Ok(Matrix::Dense(
                npy::read(file, length, &format!("{name}, array {member:?}"), Apart::Label(None))?.features,
            ))
        }
        _ if holds("row.npy") && holds("col.npy") => {
            Err(Error::new(format!("{name} holds a sparse matrix in coordinates"))
                .remedy("convert it with .tocsr() before scipy.sparse.save_npz"))
        }
        _ => {
            let names: Vec<&str> =
                members.iter().map(|member| member.strip_suffix(".npy").unwrap_or(member)).collect();
            Err(Error::new(format!("{name} holds {} arrays: {}", names.len(), names.join(", ")))
                .remedy("save the one matrix with numpy.save, or a sparse one with scipy.sparse.save_npz"))
        }
    }
}

/// Compressed rows or columns.
fn sparse(archive: &mut ZipArchive<Input>, name: &str) -> Result<Matrix> {
    let damaged = |what: String| {
        Error::new(format!("{name} is damaged: {what}")).remedy("write it anew with scipy.sparse.save_npz")
    };
    let format = bytes(archive, "format.npy", name)?.1;
    let format = String::from_utf8_lossy(&format).replace('\0', "");
    let by_rows = match format.as_str() {
        "csr" => true,
        "csc" => false,
        other => {
            return Err(Error::new(format!("{name} holds a sparse matrix of the format {other:?}"))
                .remedy("convert it with .tocsr() before scipy.sparse.save_npz"));
        }
    };
    let shape = integers(archive, "shape.npy", name)?;
    let [rows, cols] = shape[..] else {
        return Err(damaged(format!("its shape has {} extents", shape.len())));
    };
    let (pointers, indices) =
        (integers(archive, "indptr.npy", name)?, integers(archive, "indices.npy", name)?);
    let values = numbers(archive, "data.npy", name)?;
    let (lanes, extent) = if by_rows { (rows, cols) } else { (cols, rows) };
    if pointers.len() != lanes + 1 || values.len() != indices.len() || pointers.last() != Some(&values.len())
    {
        return Err(damaged(format!(
            "{} pointers, {} indices and {} values are no {rows} x {cols} matrix",
            pointers.len(),
            indices.len(),
            values.len()
        )));
    }
    let mut triplets = Vec::with_capacity(values.len());
    for (lane, bounds) in pointers.windows(2).enumerate() {
        let (Some(indices), Some(values)) =
            (indices.get(bounds[0]..bounds[1]), values.get(bounds[0]..bounds[1]))
        else {
            return Err(damaged(format!("pointer {lane} is out of order")));
        };
        for (&index, &value) in indices.iter().zip(values) {
            let (row, col) = if by_rows { (lane, index) } else { (index, lane) };
            if index >= extent {
                return Err(damaged(format!("entry ({row}, {col}) lies outside the {rows} x {cols} matrix")));
            }
            if !value.is_finite() {
                return Err(Error::new(format!(
                    "{name}, row {} and column {} (both counted from 1): {value} is not a finite number",
                    row + 1,
                    col + 1
                ))
                .remedy(NOT_FINITE_REMEDY));
            }
            triplets.push((row, col, value));
        }
    }
    Ok(Matrix::Sparse(sparse_from_triplets((rows, cols), &triplets, name)?))
}

fn open<'a>(
    archive: &'a mut ZipArchive<Input>,
    member: &str,
    name: &str,
) -> Result<zip::read::ZipFile<'a, Input>> {
    archive.by_name(member).map_err(|error| Error::new(format!("cannot read {member} in {name}: {error}")))
}

/// The header of a member and what follows it, no more than the archive says there is.
fn bytes(archive: &mut ZipArchive<Input>, member: &str, name: &str) -> Result<(Header, Vec<u8>)> {
    let name = format!("{member} in {name}");
    let mut file = open(archive, member, &name)?;
    let (_, header) = Header::read(&mut file, &name)?;
    let mut bytes = Vec::new();
    let size = file.size();
    file.by_ref()
        .take(size)
        .read_to_end(&mut bytes)
        .map_err(|error| Error::new(format!("cannot read {name}: {error}")))?;
    Ok((header, bytes))
}

/// A vector of 32-bit or 64-bit integers that are not negative.
fn integers(archive: &mut ZipArchive<Input>, member: &str, name: &str) -> Result<Vec<usize>> {
    let (header, bytes) = bytes(archive, member, name)?;
    let values: Option<Vec<usize>> = match header.descriptor.as_str() {
        "<i4" => {
            let (values, _) = bytes.as_chunks();
            values.iter().map(|&value| usize::try_from(i32::from_le_bytes(value)).ok()).collect()
        }
        "<i8" => {
            let (values, _) = bytes.as_chunks();
            values.iter().map(|&value| usize::try_from(i64::from_le_bytes(value)).ok()).collect()
        }
        other => return Err(Error::new(format!("{member} in {name} holds numbers of type {other:?}"))),
    };
    values.ok_or_else(|| Error::new(format!("{member} in {name} holds a negative number")))
}

/// A vector of numbers, in double precision.
fn numbers(archive: &mut ZipArchive<Input>, member: &str, name: &str) -> Result<Vec<f64>> {
    let (header, bytes) = bytes(archive, member, name)?;
    Ok(match header.descriptor.as_str() {
        "<f4" => bytes.as_chunks().0.iter().map(|&value| f64::from(f32::from_le_bytes(value))).collect(),
        "<f8" => bytes.as_chunks().0.iter().map(|&value| f64::from_le_bytes(value)).collect(),
        "<i4" => bytes.as_chunks().0.iter().map(|&value| f64::from(i32::from_le_bytes(value))).collect(),
        "<i8" => bytes.as_chunks().0.iter().map(|&value| i64::from_le_bytes(value) as f64).collect(),
        other => {
            return Err(Error::new(format!("{name} holds numbers of type {other:?}"))
                .remedy("convert it with .astype(\"float64\") before scipy.sparse.save_npz"));
        }
    })
}
