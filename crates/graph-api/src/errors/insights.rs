//! The part of the table that is about insights. Texts are captured where nothing else is said (live probes of v22.0 and
//! v25.0 by integrators, 2026).

pub(super) const ACCOUNT_INSIGHTS: &[&str] = &["GET account/insights"];
pub(super) const MEDIA_INSIGHTS: &[&str] = &["GET media/insights"];
pub(super) const INSIGHTS: &[&str] = &["GET account/insights", "GET media/insights"];

/// Calls the next macro with the rows it was given and, after them, those of this file.
macro_rules! with_insights {
    ($next:ident $($others:ident)+ { $($rows:tt)* }) => { $next! { $($others)+ { $($rows)*
    /// A metric, breakdown, period, type or timeframe that does not exist, or no longer. `{0}`: the parameter, for a list with
    /// the place in it, `{1}`: the values.
    InsightsValueUnknown => ErrorSpec::new(400, 100, "{0} must be one of the following values: {1}")
        .written(Dialect::Shared)
        .raised_by(INSIGHTS)
        .known(Observed, "captured for metric and breakdown; the same for period, metric_type and timeframe is unconfirmed");
    /// Metrics that are served as a total only. `{0}`: their names.
    InsightsNeedTotal => ErrorSpec::new(400, 100,
            "The following metrics ({0}) should be specified with parameter metric_type=total_value")
        .written(Dialect::Shared)
        .raised_by(ACCOUNT_INSIGHTS)
        .known(Observed, "captured by integrators, 2026");
    /// A metric that is not served in that form. `{0}`: its name, `{1}`: the form.
    InsightsWrongType => ErrorSpec::new(400, 100,
            "The following metric ({0}) is incompatible with the metric type ({1})")
        .written(Dialect::Shared)
        .raised_by(ACCOUNT_INSIGHTS)
        .known(Observed, "captured by integrators, 2026");
    /// A metric that is not served for that period. `{0}`: the period, `{1}`: the metric.
    InsightsWrongPeriod => ErrorSpec::new(400, 100,
            "The following periods ({0}) are incompatible with the metric ({1})")
        .written(Dialect::Shared)
        .raised_by(ACCOUNT_INSIGHTS)
        .known(Observed, "captured by integrators, 2026");
    /// More than thirty days at once.
    InsightsRangeTooLong => ErrorSpec::new(400, 100,
            "There cannot be more than 30 days (2592000 s) between since and until.")
        .written(Dialect::Shared)
        .raised_by(ACCOUNT_INSIGHTS)
        .known(Observed, "captured by integrators, 2026");
    /// New followers of days that are long past.
    InsightsFollowersTooOld => ErrorSpec::new(400, 100,
            "(follower_count) metric only supports querying data for the last 30 days excluding the current day")
        .written(Dialect::Shared)
        .raised_by(ACCOUNT_INSIGHTS)
        .known(Observed, "captured by integrators, 2026");
    /// A breakdown that the metric does not have. `{0}`: the breakdowns, `{1}`: the metric.
    InsightsWrongBreakdown => ErrorSpec::new(400, 100, "Incompatible breakdowns ({0}) for metric ({1})")
        .written(Dialect::Shared)
        .raised_by(INSIGHTS)
        .known(Observed, "captured for media; that accounts have the same text is unconfirmed");
    /// A breakdown that only some of the metrics have.
    InsightsMixedBreakdown => ErrorSpec::new(400, 100, "An unknown error has occurred.")
        .written(Dialect::Token)
        .raised_by(ACCOUNT_INSIGHTS)
        .known(Documented, "Instagram User: Insights, and one live report; the code is unconfirmed");
    /// A metric that media of this kind does not have. `{0}`: its name, or several.
    InsightsWrongSurface => ErrorSpec::new(400, 100,
            "The Media Insights API does not support the {0} metric for this media product type.")
        .written(Dialect::Shared)
        .raised_by(MEDIA_INSIGHTS)
        .known(Observed, "captured by integrators, 2026; that a part of an album gets it is unconfirmed");
    /// Impressions, on a version that no longer has them.
    InsightsImpressionsRetired => ErrorSpec::new(400, 100,
            "Starting from version v22.0 and above, the impressions metric is no longer supported for the queried media")
        .written(Dialect::Shared)
        .raised_by(MEDIA_INSIGHTS)
        .known(Observed, "captured on v25.0, 2026-07");
    /// A story that fewer than five people saw.
    InsightsTooFewViewers => ErrorSpec::new(400, 10, "Not enough viewers for the media to show insights")
        .written(Dialect::Shared)
        .raised_by(MEDIA_INSIGHTS)
        .known(Documented, "Instagram Media: Insights");
    /// Media from before the account was a professional one.
    InsightsBeforeConversion => ErrorSpec::new(400, 100, "Invalid parameter")
        .subcode_is(2_108_006)
        .titled("Media posted before business account conversion")
        .written(Dialect::Token)
        .raised_by(MEDIA_INSIGHTS)
        .known(Reported, "several connectors for subcode and title; the message is unconfirmed");
    /// Views on Facebook of what was never shared there.
    InsightsNotOnFacebook => ErrorSpec::new(400, -1, "Fatal")
        .subcode_is(2_207_086)
        .written(Dialect::Token)
        .only_on(&[Host::Facebook])
        .raised_by(MEDIA_INSIGHTS)
        .known(Observed, "captured by an integrator, 2026-07; the status is unconfirmed");
    } } };
}
pub(super) use with_insights;
