package io.wavequeue.worker.audio;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Decodes a whole file and measures it. Memory does not grow with the file. */
final class AudioProbe {
    private final @Nullable Ffmpeg ffmpeg;

    /** @param ffmpeg null = there is none */
    AudioProbe(@Nullable Ffmpeg ffmpeg) {
        this.ffmpeg = ffmpeg;
    }

    /** {@link IOException} when the file cannot be read; whatever it holds is an answer. */
    Measurement measure(Path file) throws IOException, InterruptedException {
        Findings findings = new Findings();
        Optional<AudioKind> kind = AudioKind.of(file);
        if (kind.isEmpty()) {
            findings.add(Fault.NO_DECODER);
            return Measurement.of(null, findings, null);
        }
        decode(kind.get(), file, findings);
        return Measurement.of(kind.get(), findings, findings.heard() ? loudness(kind.get(), file) : null);
    }

    /** The libraries tell what they cannot decode by exceptions of every kind. */
    private void decode(AudioKind kind, Path file, Findings findings) throws InterruptedException {
        Decoder decoder = decoder(kind);
        if (decoder == null) {
            findings.add(Fault.NO_DECODER);
            return;
        }
        try {
            decoder.decode(file, findings);
        } catch (InterruptedException interrupted) {
            throw interrupted;
        } catch (Exception undecodable) {
            findings.failed();
            return;
        }
        if (!findings.heard() || tookNonsense(findings)) {
            findings.failed();
        }
    }

    private static boolean tookNonsense(Findings findings) {
        Meter meter = findings.meter();
        return meter != null && meter.tookNonsense();
    }

    private @Nullable Decoder decoder(AudioKind kind) {
        return switch (kind) {
            case WAV -> new WavDecoder();
            case FLAC -> new FlacDecoder();
            case MP3 -> new Mp3Decoder();
            case OGG -> new VorbisDecoder();
            case OPUS, M4A, AAC -> ffmpeg;
        };
    }

    private @Nullable Loudness loudness(AudioKind kind, Path file) throws IOException, InterruptedException {
        return ffmpeg == null ? null : ffmpeg.loudness(kind, file);
    }
}
