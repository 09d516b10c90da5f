//! From what a C caller says about its memory to `ndarray` views: the checks, and the only road through them.

use std::ops::Range;
use std::ptr::NonNull;

use lapwing_lapack::Error;
use ndarray::{ArrayRef2, ArrayView2, Axis, ShapeBuilder};

use crate::status::{
    Failure, LAPWING_ERR_ALIAS, LAPWING_ERR_ARGUMENT, LAPWING_ERR_NULL, LAPWING_ERR_SHAPE,
    LAPWING_ERR_TOO_LARGE,
};
use crate::view::Unchecked;

/// A view whose extents, strides and addresses make sense. Whether the memory is there, only the caller knows.
#[derive(Debug)]
pub(crate) struct Strided<T> {
    name: &'static str,
    names: [&'static str; 2],
    /// The entry with the lowest address, which is the first one where no stride is negative.
    lowest: NonNull<T>,
    shape: [usize; 2],
    /// Magnitudes of the strides; an axis that is never stepped along has some stride.
    strides: [usize; 2],
    reversed: [bool; 2],
    region: Region,
}

/// The addresses from the first byte of a view to its last, for comparison with others.
#[derive(Clone, Debug)]
pub(crate) struct Region {
    name: &'static str,
    addresses: Range<usize>,
}

impl Region {
    /// Where an array lies.
    pub(crate) fn of<N>(name: &'static str, array: &[N]) -> Self {
        let addresses = array.as_ptr_range();
        Self { name, addresses: addresses.start.addr()..addresses.end.addr() }
    }
}

impl<T> Unchecked<T> {
    /// The view of an input. It may repeat entries: a zero stride reads one row for all.
    pub(crate) fn input(self, name: &'static str) -> Result<Strided<T>, Failure> {
        let shape = self.shape(name)?;
        if shape.contains(&0) {
            return Ok(self.empty(name, shape));
        }
        let Some(data) = NonNull::new(self.data) else {
            let message = format!("{name}.data is NULL, but {name} is not empty");
            return Err(Failure::new(LAPWING_ERR_NULL, message));
        };
        if !data.as_ptr().is_aligned() {
            let message = format!("{name}.data is not aligned to {} bytes", align_of::<T>());
            return Err(Failure::new(LAPWING_ERR_ARGUMENT, message));
        }

        // From the entry at `data` to those with the lowest and the highest address. An extent and a stride are
        // below 2⁶³, so that two products fit 127 bits.
        let (mut below, mut above) = (0i128, 0i128);
        for (&extent, &stride) in shape.iter().zip(&self.strides) {
            let travel = (extent as i128 - 1) * i128::from(stride);
            *(if travel < 0 { &mut below } else { &mut above }) += travel;
        }
        let size = size_of::<T>() as i128;
        let too_large = || {
            let message = format!("{name} reaches beyond the address space; check its extents and strides");
            Failure::new(LAPWING_ERR_TOO_LARGE, message)
        };
        let entries = shape[0].checked_mul(shape[1]).filter(|&entries| isize::try_from(entries).is_ok());
        if entries.is_none() || above - below >= isize::MAX as i128 / size {
            return Err(too_large());
        }
        let address = data.addr().get() as i128;
        let start = usize::try_from(address + below * size).map_err(|_| too_large())?;
        let end = usize::try_from(address + (above + 1) * size).map_err(|_| too_large())?;
        let lowest = NonNull::new(data.as_ptr().wrapping_offset(below as isize)).ok_or_else(too_large)?;

        let stride = |axis: usize| match shape[axis] {
            1 => 1,
            // What is stepped along is below isize::MAX, as the distance covered is.
            _ => self.strides[axis].unsigned_abs() as usize,
        };
        Ok(Strided {
            name,
            names: self.names,
            lowest,
            shape,
            strides: [stride(0), stride(1)],
            reversed: [0, 1].map(|axis| shape[axis] > 1 && self.strides[axis] < 0),
            region: Region { name, addresses: start..end },
        })
    }

    /// The view of an output that is wanted: every entry has a place of its own.
    pub(crate) fn output(self, name: &'static str) -> Result<Strided<T>, Failure> {
        let view = self.input(name)?;
        if view.meets_itself() {
            let message = format!("two entries of {name} share an address; check its strides");
            return Err(Failure::new(LAPWING_ERR_ALIAS, message));
        }
        Ok(view)
    }

    /// The view of an output, or `None` when NULL data says that it is not wanted.
    pub(crate) fn optional_output(self, name: &'static str) -> Result<Option<Strided<T>>, Failure> {
        if self.data.is_null() { Ok(None) } else { self.output(name).map(Some) }
    }

    fn shape(&self, name: &str) -> Result<[usize; 2], Failure> {
        let mut shape = [0; 2];
        for ((checked, &extent), what) in shape.iter_mut().zip(&self.extents).zip(self.names) {
            if extent < 0 {
                let message = format!("{name} has {extent} {what}, but must have at least 0");
                return Err(Failure::new(LAPWING_ERR_SHAPE, message));
            }
            *checked = usize::try_from(extent).map_err(|_| {
                Failure::new(
                    LAPWING_ERR_TOO_LARGE,
                    format!("{name} has {extent} {what}: no memory holds them"),
                )
            })?;
        }
        Ok(shape)
    }

    fn empty(&self, name: &'static str, shape: [usize; 2]) -> Strided<T> {
        Strided {
            name,
            names: self.names,
            lowest: NonNull::dangling(),
            shape,
            strides: [0; 2],
            reversed: [false; 2],
            region: Region { name, addresses: 0..0 },
        }
    }
}

impl<T> Strided<T> {
    pub(crate) fn name(&self) -> &'static str {
        self.name
    }

    pub(crate) fn shape(&self) -> [usize; 2] {
        self.shape
    }

    pub(crate) fn region(&self) -> Region {
        self.region.clone()
    }

    /// Refuses any other extents; each comes with what it must agree with. A vector has one extent.
    pub(crate) fn require_shape(&self, expected: &[(usize, &'static str)]) -> Result<(), Failure> {
        for (axis, &(expected, reason)) in expected.iter().enumerate() {
            let (argument, extent, found) = (self.name, self.names[axis], self.shape[axis]);
            if found != expected {
                return Err(Error::Shape { argument, extent, found, expected, reason }.into());
            }
        }
        Ok(())
    }

    /// The entries, to read.
    ///
    /// # Safety
    /// The memory that the caller described is there, initialized, and not written to during `'a`.
    pub(crate) unsafe fn view<'a>(&self) -> ArrayView2<'a, T> {
        // SAFETY: non-null, aligned, and within isize::MAX bytes and entries by the checks of `input`; that the
        // memory is readable is this function's own condition.
        let mut view =
            unsafe { ArrayView2::from_shape_ptr(self.shape.strides(self.strides), self.lowest.as_ptr()) };
        for axis in self.reversed_axes() {
            view.invert_axis(axis);
        }
        view
    }

    /// Fills the view with `values` of the same shape, through the pointer: the memory need not be initialized, and
    /// entries may be interleaved in ways that `ndarray` does not allow a mutable view.
    ///
    /// # Safety
    /// The view came from [`Unchecked::output`], and the memory that the caller described is there, writable,
    /// and used by nobody else meanwhile.
    pub(crate) unsafe fn write(&self, values: &ArrayRef2<T>)
    where
        T: Copy,
    {
        assert_eq!(
            values.shape(),
            self.shape,
            "the shapes of outputs are checked before anything is computed"
        );
        let mut values = values.view();
        for axis in self.reversed_axes() {
            values.invert_axis(axis);
        }
        // The inner loop steps by the shorter stride, so that memory is written in order.
        let (outer, inner) = if self.strides[0] < self.strides[1] { (1, 0) } else { (0, 1) };
        for (i, lane) in values.axis_iter(Axis(outer)).enumerate() {
            for (j, &value) in lane.iter().enumerate() {
                // SAFETY: i and j are below the extents of the view, so that the place lies in it by the checks
                // of `input`; that it is writable is this function's own condition.
                unsafe { self.lowest.add(i * self.strides[outer] + j * self.strides[inner]).write(value) };
            }
        }
    }

    /// As [`write`](Self::write), but `values` may have fewer rows and columns: they fill the leading ones, and the
    /// others are left alone.
    ///
    /// # Safety
    /// As [`write`](Self::write).
    pub(crate) unsafe fn write_leading(&self, values: &ArrayRef2<T>)
    where
        T: Copy,
    {
        let (found, mut lowest) = (values.shape(), self.lowest);
        assert!(
            found[0] <= self.shape[0] && found[1] <= self.shape[1],
            "outputs are as large as results can be"
        );
        for (axis, &extent) in found.iter().enumerate() {
            // Of a reversed axis, the leading entries have the highest addresses.
            if self.reversed[axis] && extent > 0 {
                let skipped = (self.shape[axis] - extent) * self.strides[axis];
                // SAFETY: a step from the lowest entry of the view to another one, by the checks of `input`.
                lowest = unsafe { lowest.add(skipped) };
            }
        }
        let leading = Strided { lowest, shape: [found[0], found[1]], region: self.region(), ..*self };
        // SAFETY: this function's own condition, for a part of the view.
        unsafe { leading.write(values) };
    }

    fn reversed_axes(&self) -> impl Iterator<Item = Axis> {
        let reversed = self.reversed;
        (0..2).filter(move |&axis| reversed[axis]).map(Axis)
    }

    /// Whether two entries have the same address.
    ///
    /// They do when some step (i, j) other than (0, 0), with |i| < rows and |j| < cols, leads nowhere:
    /// i · row_stride = j · col_stride up to sign. The shortest such step is (col_stride, row_stride) over their
    /// greatest common divisor.
    fn meets_itself(&self) -> bool {
        let ([rows, cols], [row_stride, col_stride]) = (self.shape, self.strides);
        if rows == 0 || cols == 0 {
            return false;
        }
        let divisor = greatest_common_divisor(row_stride, col_stride).max(1);
        col_stride / divisor < rows && row_stride / divisor < cols
    }
}

fn greatest_common_divisor(a: usize, b: usize) -> usize {
    if b == 0 { a } else { greatest_common_divisor(b, a % b) }
}

/// Refuses outputs that overlap an input or one another. Ranges of addresses are compared, not single entries:
/// interleaved views count as overlapping.
pub(crate) fn require_disjoint(inputs: &[Region], outputs: &[Region]) -> Result<(), Failure> {
    for (index, output) in outputs.iter().enumerate() {
        for other in inputs.iter().chain(&outputs[..index]) {
            let (a, b) = (&output.addresses, &other.addresses);
            if a.start < b.end && b.start < a.end {
                let message = format!("{} overlaps {}; give it memory of its own", output.name, other.name);
                return Err(Failure::new(LAPWING_ERR_ALIAS, message));
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
