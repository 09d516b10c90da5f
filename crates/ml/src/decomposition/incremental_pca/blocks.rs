//! How a pass over blocks ends early.

use crate::error::Error;

/// Why a pass over the blocks of a reader has ended. `E` is the reader's own error.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum BlocksError<E> {
    /// The reader failed.
    #[error(transparent)]
    Reader(E),

    /// A block was refused.
    #[error("block {block} (counted from 0), which begins with row {first_row} of the data: {error}")]
    Block {
        /// The block, from 0.
        block: usize,
        /// How many rows this reader's blocks before it had.
        first_row: usize,
        /// Why, with rows counted from the beginning of the block.
        #[source]
        error: Error,
    },
}
