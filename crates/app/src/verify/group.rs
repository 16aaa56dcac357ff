//! Rows of one id in a stream that is ordered by id.

/// What has been gathered of the id that is under way.
pub(super) struct Group<T> {
    open: Option<(i64, T)>,
}

impl<T: Default> Group<T> {
    /// Nothing under way.
    pub(super) fn new() -> Self {
        Self { open: None }
    }

    /// What has been gathered of this id; if another one was under way, that is finished first.
    pub(super) fn of(&mut self, id: i64, finish: impl FnOnce(i64, T)) -> &mut T {
        if self.open.as_ref().is_some_and(|(current, _)| *current != id) {
            self.end(finish);
        }
        &mut self.open.get_or_insert_with(|| (id, T::default())).1
    }

    /// Finishes the last id.
    pub(super) fn end(&mut self, finish: impl FnOnce(i64, T)) {
        if let Some((id, gathered)) = self.open.take() {
            finish(id, gathered);
        }
    }
}
