package io.wavequeue.letters;

import com.fasterxml.jackson.databind.JsonNode;
import io.wavequeue.admission.Admission;
import io.wavequeue.catalogue.Catalogue;
import io.wavequeue.job.SkipReason;
import io.wavequeue.message.DeadLetterReader;
import io.wavequeue.message.DeadLetterReader.End;
import io.wavequeue.message.EventSender;
import io.wavequeue.message.KafkaAwayException;
import io.wavequeue.message.Topics;
import io.wavequeue.store.BulkChoice;
import io.wavequeue.store.LetterSpool;
import io.wavequeue.store.LetterStore;
import io.wavequeue.store.LettersChoice;
import io.wavequeue.store.LettersChoice.Meant;
import io.wavequeue.wiring.WavequeueConfig;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Makes a replay's choice of jobs out of what stands on the dead-letter topic. Called by the API. */
@ApplicationScoped
public class LetterReplays {
    private static final Logger LOG = Logger.getLogger(LetterReplays.class);

    private final Topics topics;
    private final DeadLetterReader reader;
    private final EventSender sender;
    private final Admission admission;
    private final Catalogue catalogue;
    private final LetterStore letters;
    private final HistoryQuestions history;
    private final LetterParser parser;
    private final Path folder;

    /** For the container; tests make their own. */
    public LetterReplays(
            Topics topics,
            DeadLetterReader reader,
            EventSender sender,
            Admission admission,
            Catalogue catalogue,
            LetterStore letters,
            HistoryQuestions history,
            WavequeueConfig config,
            InstantSource clock) {
        this.topics = topics;
        this.reader = reader;
        this.sender = sender;
        this.admission = admission;
        this.catalogue = catalogue;
        this.letters = letters;
        this.history = history;
        this.parser = new LetterParser(clock);
        this.folder = config.dataDir().resolve("spool");
    }

    /**
     * Reads the topic, and has the provider's history of the models read that jobs would be restored of.
     *
     * @param forced with {@link SkipReason#HISTORY_UNREAD} nobody waits for the history
     * @param overrides what their inputs are to be patched with; null = nothing
     * @throws HistoryUnreadException when that takes longer: nothing was done
     * @throws KafkaAwayException when the broker does not answer
     * @throws IOException when the letters cannot be spooled
     */
    public Letters prepare(Meant meant, Set<SkipReason> forced, @Nullable JsonNode overrides)
            throws IOException, InterruptedException {
        topics.outgoing();
        LetterSpool spool = LetterSpool.create(folder);
        try {
            End end = reader.end();
            StandingLetters standing = new StandingLetters();
            reader.read(end, standing);
            LetterIntake intake = new LetterIntake(parser, admission, catalogue, spool, overrides);
            reader.read(end, record -> {
                if (standing.isStanding(record)) {
                    intake.take(record);
                }
            });
            intake.end();
            LettersChoice choice = new LettersChoice(spool, meant);
            if (!forced.contains(SkipReason.HISTORY_UNREAD)) {
                history.ask(letters.toAsk(choice));
            }
            return new Letters(spool, choice, end);
        } catch (IOException | InterruptedException | RuntimeException failure) {
            spool.close();
            throw failure;
        }
    }

    /** What was read. To be closed. */
    public final class Letters implements Closeable {
        private final LetterSpool spool;
        private final LettersChoice choice;
        private final End end;

        private Letters(LetterSpool spool, LettersChoice choice, End end) {
            this.spool = spool;
            this.choice = choice;
            this.end = end;
        }

        /** For the transaction that creates the replay; a dry run rolls that back. */
        public BulkChoice choice() {
            return choice;
        }

        /**
         * The transaction is committed: letters that stand beside their job's own go. When that fails they stay, and the next
         * replay meets their rows.
         */
        public void committed() {
            List<byte[]> others = choice.otherKeys();
            if (others.isEmpty()) {
                return;
            }
            try {
                // A key that has a newer record by now is another request's.
                Set<ByteBuffer> newer = reader.keysSince(end);
                sender.removeLetters(others.stream()
                        .filter(key -> !newer.contains(ByteBuffer.wrap(key)))
                        .toList());
            } catch (IOException | KafkaAwayException away) {
                LOG.warnf(
                        "%d dead letters whose jobs have rows by now stay on the topic until the next replay from it: %s",
                        others.size(), away.getMessage());
            }
        }

        @Override
        public void close() throws IOException {
            spool.close();
        }
    }
}
