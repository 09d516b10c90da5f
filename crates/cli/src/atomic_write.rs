//! Files that appear whole or not at all.
//!
//! Each output is written to a temporary file beside its target. Only when every output of the run
//! is complete are they renamed into place, so that a full disk or a failed plot leaves the old files
//! as they were and no half-written new ones.

mod interruption;

use crate::error::{Error, Result};
use interruption::Registered;
use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;

/// A place to write to, found to be usable before the work begins.
#[derive(Clone, Debug)]
pub(crate) struct Target {
    /// As typed, for messages.
    shown: PathBuf,
    /// With symbolic links followed: a rename would replace the link, not what it points to.
    resolved: PathBuf,
}

impl Target {
    /// Checks that `path` names a file that can be created or replaced.
    pub(crate) fn check(path: &Path) -> Result<Self> {
        let fail = |reason: &str| Error::new(format!("cannot write {}: {reason}", path.display()));
        let resolved = match fs::canonicalize(path) {
            Ok(existing) => {
                let metadata = fs::metadata(&existing).map_err(|e| Error::file("write", path, &e))?;
                if metadata.is_dir() {
                    return Err(fail("it is a directory").remedy("name a file in it"));
                }
                if !metadata.is_file() {
                    return Err(fail("it is not a regular file").remedy("choose another name"));
                }
                if metadata.permissions().readonly() {
                    return Err(
                        fail("it exists and is read-only").remedy("make it writable, or choose another name")
                    );
                }
                existing
            }
            Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {
                return Err(Error::file("write", path, &error));
            }
            Err(_) => {
                if let Ok(link) = fs::read_link(path) {
                    return Err(fail(&format!("it links to {}, which is not there", link.display()))
                        .remedy("remove the link, or choose another name"));
                }
                let directory = directory_of(path);
                let Ok(directory_found) = fs::canonicalize(directory) else {
                    return Err(fail(&format!("there is no directory {}", directory.display()))
                        .remedy("create the directory first"));
                };
                if !directory_found.is_dir() {
                    return Err(
                        fail(&format!("{} is not a directory", directory.display())).remedy("check the path")
                    );
                }
                match path.file_name() {
                    Some(name) => directory_found.join(name),
                    None => return Err(fail("it does not name a file").remedy("name a file in a directory")),
                }
            }
        };
        // Whether the directory can be written to shows only on trying. The file goes at once, so that
        // interrupting the work leaves nothing behind.
        drop(temporary_beside(&resolved).map_err(|error| Error::file("write", path, &error))?);
        Ok(Self { shown: path.to_owned(), resolved })
    }

    /// Whether both would be written to the same file, however each is spelt.
    pub(crate) fn is_same_as(&self, other: &Self) -> bool {
        self.resolved == other.resolved
    }

    /// Whether the file at `path` would be replaced.
    pub(crate) fn is_file(&self, path: &Path) -> bool {
        fs::canonicalize(path).is_ok_and(|path| path == self.resolved)
    }

    /// The path as it was typed.
    pub(crate) fn path(&self) -> &Path {
        &self.shown
    }
}

/// The directory that `path` lies in; a bare name lies in the current one.
fn directory_of(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

/// The outputs of one run, complete but not yet in place.
#[derive(Debug, Default)]
pub(crate) struct Outputs {
    finished: Vec<(NamedTempFile, Registered, Target)>,
}

/// An output that is being written, in a temporary file beside its target; it is gone when dropped unfinished.
#[derive(Debug)]
pub(crate) struct Draft {
    writer: BufWriter<NamedTempFile>,
    registered: Registered,
    target: Target,
}

impl Draft {
    pub(crate) fn begin(target: &Target) -> Result<Self> {
        let file = temporary_beside(&target.resolved)
            .map_err(|error| Error::file("write", &target.shown, &error))?;
        let registered = Registered::new(file.path());
        Ok(Self { writer: BufWriter::with_capacity(1 << 16, file), registered, target: target.clone() })
    }
}

impl Write for Draft {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.writer.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.writer.flush()
    }
}

impl Outputs {
    /// Lets `write` produce the contents of `target` in a temporary file beside it.
    pub(crate) fn write(
        &mut self,
        target: &Target,
        write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> Result<()> {
        let mut draft = Draft::begin(target)?;
        write(&mut draft).map_err(|error| Error::file("write", &target.shown, &error))?;
        self.finish(draft)
    }

    /// Takes an output that is complete.
    pub(crate) fn finish(&mut self, draft: Draft) -> Result<()> {
        let Draft { writer, registered, target } = draft;
        match writer.into_inner() {
            Ok(file) => self.finished.push((file, registered, target)),
            Err(error) => return Err(Error::file("write", &target.shown, &error.into_error())),
        }
        Ok(())
    }

    /// Puts every output in its place.
    pub(crate) fn commit(self) -> Result<()> {
        for (file, _registered, target) in self.finished {
            file.persist(&target.resolved).map_err(|e| Error::file("write", &target.shown, &e.error))?;
        }
        Ok(())
    }
}

/// A temporary file with the permissions that the finished one shall have: those of the file it
/// replaces, else what the person's umask grants. (Temporary files are private by default, and a
/// rename would keep them so.)
fn temporary_beside(path: &Path) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".lapwing-");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let permissions = fs::metadata(path).map(|m| m.permissions());
        builder.permissions(permissions.unwrap_or_else(|_| fs::Permissions::from_mode(0o666)));
    }
    builder.tempfile_in(directory_of(path))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names_in(directory: &Path) -> Vec<String> {
        let mut names: Vec<_> = fs::read_dir(directory)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn nothing_appears_before_commit_and_everything_after() {
        let directory = tempfile::tempdir().unwrap();
        let target = Target::check(&directory.path().join("a.csv")).unwrap();
        let mut outputs = Outputs::default();
        outputs.write(&target, |w| w.write_all(b"1,2\n")).unwrap();
        assert!(!target.path().exists());
        outputs.commit().unwrap();
        assert_eq!(names_in(directory.path()), ["a.csv"]);
        assert_eq!(fs::read(target.path()).unwrap(), b"1,2\n");
    }

    #[test]
    fn a_failed_write_leaves_the_old_file_and_no_other() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("a.csv");
        fs::write(&path, "old").unwrap();
        let target = Target::check(&path).unwrap();
        let mut outputs = Outputs::default();
        let error = outputs
            .write(&target, |w| {
                w.write_all(b"new")?;
                Err(io::Error::other("the disk is full"))
            })
            .unwrap_err();
        assert_eq!(error.to_string(), format!("cannot write {}: the disk is full", path.display()));
        drop(outputs);
        assert_eq!(names_in(directory.path()), ["a.csv"]);
        assert_eq!(fs::read(&path).unwrap(), b"old");
    }

    #[cfg(unix)]
    #[test]
    fn keeps_the_permissions_of_the_file_it_replaces_and_follows_links() {
        use std::os::unix::fs::PermissionsExt;
        let directory = tempfile::tempdir().unwrap();
        let (path, link) = (directory.path().join("a.csv"), directory.path().join("link.csv"));
        fs::write(&path, "old").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        std::os::unix::fs::symlink(&path, &link).unwrap();
        let target = Target::check(&link).unwrap();
        assert!(target.is_file(&path));
        let mut outputs = Outputs::default();
        outputs.write(&target, |w| w.write_all(b"new")).unwrap();
        outputs.commit().unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"new");
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    }

    #[cfg(unix)]
    #[test]
    fn refuses_a_link_to_nowhere() {
        let directory = tempfile::tempdir().unwrap();
        let link = directory.path().join("link.csv");
        std::os::unix::fs::symlink("gone.csv", &link).unwrap();
        assert_eq!(
            Target::check(&link).unwrap_err().to_string(),
            format!(
                "cannot write {}: it links to gone.csv, which is not there\n  \
                 remove the link, or choose another name",
                link.display()
            )
        );
    }

    #[cfg(unix)]
    #[test]
    fn refuses_a_directory_without_write_permission() {
        use std::os::unix::fs::PermissionsExt;
        let directory = tempfile::tempdir().unwrap();
        let set_mode =
            |mode| fs::set_permissions(directory.path(), fs::Permissions::from_mode(mode)).unwrap();
        set_mode(0o555);
        // Permissions do not bind the superuser.
        let bound = tempfile::tempfile_in(directory.path()).is_err();
        let checked = Target::check(&directory.path().join("a.csv"));
        set_mode(0o755);
        assert_eq!(checked.is_err(), bound);
        if let Err(error) = checked {
            assert!(error.to_string().contains(": permission denied\n  change the permissions"), "{error}");
        }
        assert!(names_in(directory.path()).is_empty());
    }

    #[cfg(unix)]
    #[test]
    fn a_new_file_has_what_the_umask_grants() {
        use std::os::unix::fs::PermissionsExt;
        let directory = tempfile::tempdir().unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        fs::write(directory.path().join("ordinary"), "").unwrap();
        let target = Target::check(&directory.path().join("a.csv")).unwrap();
        let mut outputs = Outputs::default();
        outputs.write(&target, |_| Ok(())).unwrap();
        outputs.commit().unwrap();
        assert_eq!(mode(target.path()), mode(&directory.path().join("ordinary")));
    }

    #[test]
    fn refuses_what_cannot_be_written_before_the_work_begins() {
        let directory = tempfile::tempdir().unwrap();
        let refusal = |path: &Path| Target::check(path).unwrap_err().to_string();
        let inside = |name: &str| directory.path().join(name);
        let shown = directory.path().display();

        assert_eq!(
            refusal(&inside("none/a.csv")),
            format!(
                "cannot write {shown}/none/a.csv: there is no directory {shown}/none\n  \
                 create the directory first"
            )
        );
        assert_eq!(
            refusal(directory.path()),
            format!("cannot write {shown}: it is a directory\n  name a file in it")
        );
        fs::write(inside("file"), "").unwrap();
        assert!(refusal(&inside("file/a.csv")).contains("file is not a directory"));

        let path = inside("locked.csv");
        fs::write(&path, "old").unwrap();
        let mut permissions = fs::metadata(&path).unwrap().permissions();
        permissions.set_readonly(true);
        fs::set_permissions(&path, permissions).unwrap();
        assert_eq!(
            refusal(&path),
            format!(
                "cannot write {shown}/locked.csv: it exists and is read-only\n  \
                 make it writable, or choose another name"
            )
        );
    }
}
