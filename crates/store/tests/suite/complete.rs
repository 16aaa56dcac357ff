//! No public function of the crate is forgotten by this suite.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// The list functions themselves are tested on a table of their own, in `listing/tests.rs`.
const ELSEWHERE: &[&str] = &["listing::list("];

#[test]
fn every_public_function_is_called() {
    let crate_root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let suite: String = files(&crate_root.join("tests/suite")).iter().map(|path| read(path)).collect();
    let source = crate_root.join("src");
    let functions: Vec<String> = files(&source).iter().flat_map(|path| functions_of(&source, path)).collect();
    assert!(functions.len() > 150, "the source was read: {functions:?}");
    let is_called = |call: &String| suite.contains(call.as_str()) || ELSEWHERE.contains(&call.as_str());
    let missing: Vec<_> = functions.iter().filter(|call| !is_called(call)).collect();
    assert!(missing.is_empty(), "no test calls {missing:?}");
}

/// How the public functions of a file are called from outside, such as `plan::family::find(`.
fn functions_of(source: &Path, path: &Path) -> Vec<String> {
    let module = public_module(source, &path.with_extension(""));
    let text = read(path);
    let names = text.lines().filter_map(|line| line.strip_prefix("pub fn ")?.split(['(', '<']).next());
    names.map(|name| format!("{module}{name}(")).collect()
}

/// The path of a module without the private ones on the way, whose functions are exported above them.
fn public_module(source: &Path, module: &Path) -> String {
    let (Some(parent), Some(name)) = (module.parent(), module.file_name()) else { return String::new() };
    if module == source.join("lib") || !module.starts_with(source) || module == source {
        return String::new();
    }
    let name = name.to_str().expect("names are ASCII");
    let declared_in = if parent == source { source.join("lib.rs") } else { parent.with_extension("rs") };
    let is_public = read(&declared_in).lines().any(|line| line == format!("pub mod {name};"));
    let above = public_module(source, parent);
    if is_public { format!("{above}{name}::") } else { above }
}

fn files(directory: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(directory).expect("a directory").map(|entry| entry.expect("an entry").path());
    let mut found: Vec<_> = entries.collect();
    found.sort();
    let of = |path: PathBuf| if path.is_dir() { files(&path) } else { vec![path] };
    found.into_iter().flat_map(of).collect()
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}
