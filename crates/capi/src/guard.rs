//! The one gate between C and Rust: every export runs inside it, and no panic passes it.

use std::any::Any;
use std::cell::RefCell;
use std::ffi::c_char;
use std::mem;
use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::status::{
    Failure, LAPWING_ERR_ARGUMENT, LAPWING_ERR_NULL, LAPWING_ERR_PANIC, LAPWING_OK, lapwing_status,
};

thread_local! {
    static LAST_ERROR: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Runs the body of an export and turns what became of it into a status, and a message for this thread.
pub(crate) fn guard(body: impl FnOnce() -> Result<(), Failure>) -> lapwing_status {
    // Nothing that a panic could leave half-changed is seen again: models are immutable, or taken out of their place
    // while they change, and outputs are written last.
    let failure = match catch_unwind(AssertUnwindSafe(body)) {
        Ok(Ok(())) => return LAPWING_OK,
        Ok(Err(failure)) => failure,
        Err(panic) => Failure::new(LAPWING_ERR_PANIC, panic_message(panic)),
    };
    let status = failure.status;
    // A thread that is ending has no message any more; its status still arrives.
    let _ = LAST_ERROR.try_with(|message| message.replace(failure.message));
    status
}

fn panic_message(panic: Box<dyn Any + Send>) -> String {
    let text = match (panic.downcast_ref::<&str>(), panic.downcast_ref::<String>()) {
        (Some(text), _) => text,
        (_, Some(text)) => text.as_str(),
        _ => "no message",
    };
    let message = format!("a bug in Lapwing was caught, please report it: {text}");
    // Dropping a foreign payload may panic again, outside of any guard.
    mem::forget(panic);
    message
}

/// Refuses a NULL or misaligned pointer to one `T`.
pub(crate) fn require_pointer<T>(name: &str, pointer: *const T) -> Result<(), Failure> {
    if pointer.is_null() {
        return Err(Failure::new(LAPWING_ERR_NULL, format!("{name} is NULL")));
    }
    if !pointer.is_aligned() {
        let message = format!("{name} is not aligned to {} bytes", align_of::<T>());
        return Err(Failure::new(LAPWING_ERR_ARGUMENT, message));
    }
    Ok(())
}

/// Copies as much of the text as fits, cut between characters and terminated by NUL; nothing into a NULL buffer or one
/// without room. Returns the length of the whole text.
///
/// # Safety
/// `buf`, unless NULL, has room for `cap` bytes.
pub(crate) unsafe fn copy_text(text: &str, buf: *mut c_char, cap: usize) -> usize {
    if !buf.is_null() && cap > 0 {
        let most = text.len().min(cap - 1);
        let length = (0..=most).rev().find(|&end| text.is_char_boundary(end)).unwrap_or(0);
        // SAFETY: this function's own condition; `length` is at most `cap - 1`, and at most the text's length. The
        // text is this library's own memory.
        unsafe {
            buf.cast::<u8>().copy_from_nonoverlapping(text.as_ptr(), length);
            *buf.add(length) = 0;
        }
    }
    text.len()
}

/// Copies the message of this thread's last failure into buf, which holds cap bytes.
///
/// Returns the length of the whole message without its terminating NUL: a buffer of that length plus one holds
/// it all. A shorter one gets as much as fits, cut between characters and always NUL-terminated. With cap = 0,
/// buf may be NULL and nothing is written. The message is in English and UTF-8, names the argument at fault and
/// the remedy, and stays until the next failure on the same thread; it is empty when there was none.
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_last_error(buf: *mut c_char, cap: usize) -> usize {
    let copied = catch_unwind(AssertUnwindSafe(|| {
        LAST_ERROR.try_with(|message| {
            // SAFETY: the caller vouches for `cap` bytes at `buf`.
            unsafe { copy_text(&message.borrow(), buf, cap) }
        })
    }));
    if let Ok(Ok(length)) = copied {
        return length;
    }
    if !buf.is_null() && cap > 0 {
        // SAFETY: the caller vouches for `cap` bytes at `buf`.
        unsafe { *buf = 0 };
    }
    0
}

#[cfg(test)]
mod tests {
    use std::ffi::CStr;
    use std::ptr;
    use std::thread;

    use super::*;
    use crate::status::LAPWING_ERR_SHAPE;

    fn last_error(cap: usize) -> (usize, String) {
        let mut buffer = vec![0x7f; cap];
        // SAFETY: `cap` is the length of the buffer.
        let length = unsafe { lapwing_last_error(buffer.as_mut_ptr(), cap) };
        // SAFETY: terminated by the function under test; checked to be so by the last byte of a full buffer.
        let text = unsafe { CStr::from_ptr(buffer.as_ptr()) };
        (length, text.to_str().expect("cut between characters").to_owned())
    }

    #[test]
    fn a_panic_becomes_a_status_and_keeps_its_message() {
        assert_eq!(guard(|| panic!("no {}", "way")), LAPWING_ERR_PANIC);
        assert!(last_error(200).1.ends_with("report it: no way"));
        assert_eq!(guard(|| std::panic::panic_any(7)), LAPWING_ERR_PANIC);
        assert!(last_error(200).1.ends_with("no message"));
    }

    #[test]
    fn a_message_is_cut_between_characters_and_always_terminated() {
        let fail = || Err(Failure::new(LAPWING_ERR_SHAPE, "‖a‖"));
        assert_eq!(guard(fail), LAPWING_ERR_SHAPE);
        let expected = ["", "", "", "‖", "‖a", "‖a", "‖a", "‖a‖", "‖a‖"];
        for (cap, expected) in (1..).zip(expected) {
            assert_eq!(last_error(cap), (7, expected.to_owned()), "cap {cap}");
        }
        // SAFETY: with no capacity nothing is written.
        assert_eq!(unsafe { lapwing_last_error(ptr::null_mut(), 0) }, 7);
        // SAFETY: a NULL buffer is never written to.
        assert_eq!(unsafe { lapwing_last_error(ptr::null_mut(), 9) }, 7);
    }

    #[test]
    fn each_thread_has_its_own_message_and_success_keeps_it() {
        guard(|| Err(Failure::new(LAPWING_ERR_SHAPE, "mine")));
        thread::spawn(|| {
            assert_eq!(last_error(50), (0, String::new()));
            guard(|| Err(Failure::new(LAPWING_ERR_SHAPE, "theirs")));
        })
        .join()
        .expect("the thread's assertions hold");
        assert_eq!(guard(|| Ok(())), LAPWING_OK);
        assert_eq!(last_error(50).1, "mine");
    }
}
