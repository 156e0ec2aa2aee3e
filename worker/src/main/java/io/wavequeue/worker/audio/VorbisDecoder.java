package io.wavequeue.worker.audio;

import de.jarnbjo.ogg.BasicStream;
import de.jarnbjo.ogg.EndOfOggStreamException;
import de.jarnbjo.ogg.LogicalOggStream;
import de.jarnbjo.vorbis.VorbisStream;
import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ShortBuffer;
import java.nio.file.Files;
import java.nio.file.Path;

/** Ogg Vorbis, by J-Ogg as jMonkeyEngine keeps it. Of several streams that follow each other the first one counts. */
final class VorbisDecoder implements Decoder {
    private static final int BUFFER = 1 << 16;
    private static final float SCALE = 1f / Short.MAX_VALUE;

    @Override
    public void decode(Path file, Findings findings) throws IOException {
        try (Watched in = new Watched(new BufferedInputStream(Files.newInputStream(file), BUFFER))) {
            LogicalOggStream packets = (LogicalOggStream)
                    new BasicStream(in).getLogicalStreams().iterator().next();
            VorbisStream samples = new VorbisStream(packets);
            Meter meter = findings.begin(
                    samples.getIdentificationHeader().getSampleRate(),
                    samples.getIdentificationHeader().getChannels());
            try {
                measure(samples, meter, findings);
            } catch (EndOfOggStreamException end) {
                if (in.ended) {
                    findings.add(Fault.TRUNCATED);
                }
            }
        }
    }

    private static void measure(VorbisStream samples, Meter meter, Findings findings) throws IOException {
        byte[] bytes = new byte[BUFFER];
        ShortBuffer shorts = ByteBuffer.wrap(bytes).order(ByteOrder.BIG_ENDIAN).asShortBuffer();
        while (true) {
            int read = samples.readPcm(bytes, 0, bytes.length);
            if (read == 0) {
                findings.add(Fault.DAMAGED);
            }
            for (int i = 0; i < read / Short.BYTES; i++) {
                meter.take(shorts.get(i) * SCALE);
            }
        }
    }

    /** A stream's last page says that it is the last, so nobody reads on: who meets the file's end has missed it. */
    private static final class Watched extends FilterInputStream {
        private boolean ended;

        Watched(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            int read = super.read();
            ended |= read < 0;
            return read;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int read = super.read(bytes, offset, length);
            ended |= read < 0;
            return read;
        }
    }
}
