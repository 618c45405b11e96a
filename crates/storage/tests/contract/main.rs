//! What every engine must do, and what the single ones do beyond it.
//!
//! A case is a function over a [`World`](world::World). An engine is entered by one line at the end of this file, and
//! each case is then a test of its own, such as `memory::no_update_is_lost`.

#![expect(
    clippy::unwrap_used,
    reason = "clippy lets tests unwrap, but does not know these functions for tests"
)]

mod blobs;
mod conflicts;
mod disk;
mod file;
mod fork;
mod group;
mod hooks;
mod log;
mod migrations;
mod outage;
mod postgres;
mod reading;
mod sole;
mod tls;
mod values;
mod waiting;
mod world;
mod writing;

/// The tests of one engine: `contract!(name, how to make an empty world)`.
macro_rules! contract {
    ($engine:ident, $make:expr) => {
        mod $engine {
            cases! { $make;
                conflicts: [
                    a_taken_key_is_a_conflict,
                    a_taken_unique_value_is_a_conflict,
                    a_missing_parent_is_a_conflict,
                    a_missing_parent_is_found_though_only_the_first_row_is_wanted,
                    a_promise_is_checked_at_the_end,
                    a_later_write_can_conflict,
                    a_missing_value_is_no_conflict,
                    a_swallowed_failure_fails_the_unit,
                    an_expected_conflict_is_none,
                ],
                hooks: [
                    hooks_run_before_the_answer_and_in_order,
                    a_failed_unit_runs_no_hooks,
                    a_unit_is_told_how_it_ended_whichever_way,
                    a_panicking_hook_harms_nobody,
                ],
                migrations: [
                    migrations_are_applied_once,
                    a_newer_database_is_refused,
                    a_failing_migration_leaves_nothing,
                    a_migration_does_not_end_its_transaction,
                    the_time_of_a_migration_is_the_worlds,
                ],
                reading: [
                    a_read_sees_what_was_answered,
                    a_read_cannot_write,
                    a_plan_names_the_index,
                    a_panicking_read_harms_nobody,
                    functions_that_read_take_both_kinds_of_unit,
                ],
                values: [
                    swapped_and_repeated_parameters,
                    ten_parameters,
                    dollars_in_literals_are_text,
                    the_wrong_number_of_values_is_refused,
                    text_with_a_zero_is_refused,
                    integers_come_back,
                    texts_come_back,
                    bytes_come_back,
                    nulls_come_back,
                    texts_are_in_the_order_of_their_bytes,
                    columns_are_what_they_are,
                    rows_of_up_to_eight_columns,
                ],
                writing: [
                    every_increment_counts,
                    no_update_is_lost,
                    a_failing_unit_leaves_nothing,
                    a_panicking_unit_leaves_nothing,
                    counts_are_of_rows,
                    one_is_the_first_and_all_are_all,
                    a_unit_has_one_time,
                    a_unit_does_not_end_its_transaction,
                    a_closed_database_says_so,
                ],
            }
        }
    };
}

/// The tests of an engine on which a read and a write can run at the same time.
macro_rules! side_by_side {
    ($engine:ident, $make:expr) => {
        mod $engine {
            cases! { $make; reading: [a_read_sees_one_state, reads_do_not_wait_for_the_writer], }
        }
    };
}

macro_rules! cases {
    ($make:expr; $($module:ident: [$($case:ident),* $(,)?],)*) => {
        $($(
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $case() {
                // None if the engine is not there: see `test_postgres::Schema`.
                if let Some(world) = Option::<crate::world::World>::from($make) {
                    crate::$module::$case(world).await;
                }
            }
        )*)*
    };
}

contract!(sqlite_file, crate::world::World::file());
contract!(sqlite_memory, crate::world::World::memory());
contract!(postgresql, crate::world::World::postgres());
side_by_side!(sqlite_file_side_by_side, crate::world::World::file());
side_by_side!(postgresql_side_by_side, crate::world::World::postgres());
