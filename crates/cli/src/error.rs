//! What a person reads when something fails: one line that says what and where, one that says what to do.

use std::fmt;
use std::io;
use std::path::Path;

/// The result of everything that can fail before the person who typed the command.
pub(crate) type Result<T> = std::result::Result<T, Error>;

/// A failure in words, with a remedy where there is one.
///
/// The command line ends at the first failure and nobody matches on it, so that it is words and not
/// variants.
#[derive(Debug, PartialEq)]
pub(crate) struct Error {
    message: String,
    remedy: Option<String>,
}

impl Error {
    /// A failure that `message` describes: lower case first letter, no trailing period.
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), remedy: None }
    }

    /// Adds the line that says what to do about it.
    pub(crate) fn remedy(self, remedy: impl Into<String>) -> Self {
        Self { remedy: Some(remedy.into()), ..self }
    }

    /// Where the library's message ends in a remedy, after a semicolon, it moves to its own line.
    fn from_message(message: &str) -> Self {
        match message.split_once("; ") {
            Some((what, remedy)) => Self::new(what).remedy(remedy),
            None => Self::new(message),
        }
    }

    /// A message of the library about a line of the file that is called `name`.
    pub(crate) fn of_line(name: &str, message: &str) -> Self {
        Self::from_message(&format!("{name}, {message}"))
    }

    /// A failure of the operating system to do `deed` ("read", "write") to the file at `path`.
    pub(crate) fn file(deed: &str, path: &Path, error: &io::Error) -> Self {
        let (reason, remedy) = match error.kind() {
            io::ErrorKind::NotFound => ("there is no such file", "check the path"),
            io::ErrorKind::NotADirectory => ("part of its path is not a directory", "check the path"),
            io::ErrorKind::IsADirectory => ("it is a directory", "name a file in it"),
            io::ErrorKind::PermissionDenied => {
                ("permission denied", "change the permissions, or choose another place")
            }
            io::ErrorKind::ReadOnlyFilesystem => ("its file system is read-only", "choose another place"),
            io::ErrorKind::StorageFull => ("the disk is full", "free some space, or choose another place"),
            _ => return Self::new(format!("cannot {deed} {}: {error}", path.display())),
        };
        Self::new(format!("cannot {deed} {}: {reason}", path.display())).remedy(remedy)
    }
}

impl From<lapwing::Error> for Error {
    fn from(error: lapwing::Error) -> Self {
        Self::from_message(&error.to_string())
    }
}

impl From<lapwing::lapack::Error> for Error {
    fn from(error: lapwing::lapack::Error) -> Self {
        lapwing::Error::from(error).into()
    }
}

impl<R: fmt::Debug> From<lapwing::IterationError<R>> for Error {
    fn from(error: lapwing::IterationError<R>) -> Self {
        Self::from_message(&error.to_string())
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        match &self.remedy {
            Some(remedy) => write!(f, "\n  {remedy}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Error {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_the_remedy_on_an_indented_line_of_its_own() {
        let error = Error::new("the cup is empty").remedy("fill it");
        assert_eq!(error.to_string(), "the cup is empty\n  fill it");
        assert_eq!(Error::new("the cup is empty").to_string(), "the cup is empty");
    }

    #[test]
    fn says_what_to_do_about_a_file() {
        let told = |kind: io::ErrorKind| Error::file("read", Path::new("a"), &kind.into()).to_string();
        assert_eq!(told(io::ErrorKind::NotFound), "cannot read a: there is no such file\n  check the path");
        assert_eq!(
            told(io::ErrorKind::PermissionDenied),
            "cannot read a: permission denied\n  change the permissions, or choose another place"
        );
        let other = Error::file("read", Path::new("a"), &io::Error::other("the cable is cut"));
        assert_eq!(other.to_string(), "cannot read a: the cable is cut");
    }
}
