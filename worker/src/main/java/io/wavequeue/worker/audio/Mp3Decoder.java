package io.wavequeue.worker.audio;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ShortBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import javazoom.jl.decoder.Bitstream;
import javazoom.jl.decoder.BitstreamException;
import javazoom.jl.decoder.Header;
import javazoom.jl.decoder.MP3Decoder;
import javazoom.jl.decoder.OutputBuffer;
import org.jspecify.annotations.Nullable;

/** MP3, by JLayer as libGDX keeps it. */
final class Mp3Decoder implements Decoder {
    private static final int BUFFER = 1 << 16;
    private static final int FRAME_HEADER = 4;

    /** Of a file's bytes, so many may belong to no frame: tags at its end. */
    private static final int TAGS = 1_024;

    private static final int TAGS_PER_CENT = 2;
    private static final float SCALE = 1f / Short.MAX_VALUE;

    @Override
    public void decode(Path file, Findings findings) throws IOException, BitstreamException {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file), BUFFER)) {
            int tag = skipTag(in);
            Bitstream frames = new Bitstream(in);
            Header first = frames.readFrame();
            if (first == null) {
                throw new IOException("the file has no frame");
            }
            int channels = channels(first);
            Meter meter = findings.begin(first.getSampleRate(), channels);
            MP3Decoder decoder = new MP3Decoder();
            OutputBuffer samples = new OutputBuffer(channels, false);
            decoder.setOutputBuffer(samples);
            long read = 0;
            for (@Nullable Header header = first; header != null; header = frames.readFrame()) {
                if (channels(header) != channels || !decoded(decoder, header, frames)) {
                    findings.add(Fault.DAMAGED);
                }
                read += header.framesize + FRAME_HEADER;
                frames.closeFrame();
                measure(samples, meter);
            }
            long sound = Files.size(file) - tag;
            if (sound - read > TAGS + sound * TAGS_PER_CENT / 100) {
                findings.add(Fault.DAMAGED);
            }
        }
    }

    /** Its length. JLayer would keep it whole in memory. */
    private static int skipTag(InputStream in) throws IOException {
        in.mark(AudioKind.TAG_HEADER);
        int tag = AudioKind.tagBytes(in.readNBytes(AudioKind.TAG_HEADER));
        in.reset();
        in.skipNBytes(tag);
        return tag;
    }

    private static int channels(Header header) {
        return header.mode() == Header.SINGLE_CHANNEL ? 1 : 2;
    }

    /** JLayer tells broken frames by exceptions of every kind; the next frame may be sound. */
    private static boolean decoded(MP3Decoder decoder, Header header, Bitstream frames) {
        try {
            decoder.decodeFrame(header, frames);
            return true;
        } catch (Exception broken) {
            return false;
        }
    }

    private static void measure(OutputBuffer samples, Meter meter) {
        int bytes = samples.reset();
        ShortBuffer shorts = ByteBuffer.wrap(samples.getBuffer(), 0, bytes)
                .order(ByteOrder.LITTLE_ENDIAN)
                .asShortBuffer();
        while (shorts.hasRemaining()) {
            meter.take(shorts.get() * SCALE);
        }
    }
}
