//! What `recipes.txt` says.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

pub(super) struct Recipes {
    words: BTreeMap<String, Vec<String>>,
    /// The maker and the feeder of each fixture.
    fixtures: BTreeMap<String, (String, Option<String>)>,
    asked: RefCell<BTreeSet<String>>,
}

impl Recipes {
    pub(super) fn read() -> Self {
        let (mut words, mut fixtures) = (BTreeMap::new(), BTreeMap::new());
        for line in include_str!("recipes.txt").lines().filter(|line| !line.starts_with('#')) {
            let mut line = line.split_whitespace().map(str::to_owned);
            let Some(first) = line.next() else { continue };
            match first.strip_prefix('@') {
                Some(name) => {
                    let maker = line.nth(1).unwrap_or_else(|| panic!("{first} has no maker"));
                    fixtures.insert(name.to_owned(), (maker, line.next()));
                }
                None => {
                    let before = words.insert(first.clone(), line.collect());
                    assert!(before.is_none(), "recipes.txt has two recipes for {first}");
                }
            }
        }
        Self { words, fixtures, asked: RefCell::default() }
    }

    /// The words for the parameters of a function; none for one that has no recipe.
    pub(super) fn words_of(&self, stem: &str) -> &[String] {
        self.asked.borrow_mut().insert(stem.to_owned());
        self.words.get(stem).map_or(&[], Vec::as_slice)
    }

    /// What makes a fixture, and what feeds it.
    pub(super) fn fixture(&self, name: &str) -> (&str, Option<&str>) {
        let (maker, feeder) =
            self.fixtures.get(name).unwrap_or_else(|| panic!("recipes.txt has no fixture @{name}"));
        (maker, feeder.as_deref())
    }

    /// Fails when a recipe is for no function of those that were asked for.
    pub(super) fn require_all_used(&self) {
        let asked = self.asked.borrow();
        let unused: Vec<_> = self.words.keys().filter(|stem| !asked.contains(*stem)).collect();
        assert!(unused.is_empty(), "recipes.txt has recipes for {unused:?}, which are no functions");
    }
}

/// `[2,0,1]`, or `i%3*30` for thirty remainders.
pub(super) fn integers(word: &str) -> Vec<i64> {
    let number =
        |text: &str| text.parse::<i64>().unwrap_or_else(|_| panic!("{word:?} is no list of integers"));
    if let Some((divisor, count)) = word.strip_prefix("i%").and_then(|rest| rest.split_once('*')) {
        return (0..number(count)).map(|i| i % number(divisor)).collect();
    }
    word.trim_start_matches('[').trim_end_matches(']').split(',').map(number).collect()
}
