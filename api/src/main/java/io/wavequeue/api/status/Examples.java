package io.wavequeue.api.status;

/** Bodies shown in the API's description. */
public final class Examples {
    /** A job that has just been made. */
    public static final String QUEUED = """
            {"id": "019b3f6e-5a70-7c3e-9d0b-2f6c1a8e4d11", "status": "queued", "cancel_requested": false,
             "hold_reason": null, "model": "stability-ai/stable-audio-3/music",
             "input": {"prompt": "slow harp over rain, loopable", "duration": 30}, "reference": "forest_theme_01",
             "lane": "interactive", "labels": {"scene": "forest"}, "batch_id": null, "max_attempts": 3,
             "attempts": [], "outputs": [],
             "cost": {"estimated_usd": 0.0217, "charged_usd": null, "refunded_usd": null, "currency": "USD"},
             "timings": {"created_at": "2026-01-31T18:30:00.120Z", "submitted_at": null, "completed_at": null,
                         "queued_ms": null, "submit_ms": null, "running_ms": null, "inference_ms": null,
                         "detect_ms": null, "total_ms": null},
             "error": null}
            """;

    static final String SUCCEEDED = """
            {"id": "019b3f6e-5a70-7c3e-9d0b-2f6c1a8e4d11", "status": "succeeded", "cancel_requested": false,
             "hold_reason": null, "model": "stability-ai/stable-audio-3/music",
             "input": {"prompt": "slow harp over rain, loopable", "duration": 30}, "reference": "forest_theme_01",
             "lane": "interactive", "labels": {"scene": "forest"}, "batch_id": null, "max_attempts": 3,
             "attempts": [{"number": 1, "status": "completed", "prediction_id": "0f3b9c6a51e24c8e8f1d6a7b2c3d4e5f",
                           "submitted_at": "2026-01-31T18:30:00.151Z", "accepted_at": "2026-01-31T18:30:00.420Z",
                           "completed_at": "2026-01-31T18:30:09.020Z", "polls": 2, "inference_ms": 8120,
                           "charged_usd": 0.0217, "refunded_usd": null, "error": null}],
             "outputs": [{"url": "https://example.com/clip.mp3", "file": "01/019b3f6e-5a70-7c3e-9d0b-2f6c1a8e4d11-0.mp3",
                          "content_type": "audio/mpeg", "bytes": 481213,
                          "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
                          "archived_at": "2026-01-31T18:30:09.410Z"}],
             "cost": {"estimated_usd": 0.0217, "charged_usd": 0.0217, "refunded_usd": null, "currency": "USD"},
             "timings": {"created_at": "2026-01-31T18:30:00.120Z", "submitted_at": "2026-01-31T18:30:00.151Z",
                         "completed_at": "2026-01-31T18:30:09.031Z", "queued_ms": 31, "submit_ms": 269,
                         "running_ms": 8600, "inference_ms": 8120, "detect_ms": 310, "total_ms": 8911},
             "error": null}
            """;

    private Examples() {}
}
