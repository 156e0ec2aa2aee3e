package io.wavequeue.storage;

import java.io.InputStream;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Where outputs lie. All of it may be called by many threads at once, and blocks; what fails may be repeated.
 *
 * <p>A key is a path with {@code /}, without a segment that is empty, {@code .} or {@code ..}.
 */
public interface OutputStorage {
    /**
     * A name for a file that is to be put somewhere below that folder; no such file is there, and its folder is. Who does not
     * put it removes it.
     */
    Path part(String folder) throws StorageException;

    /**
     * Moves a finished, durable file of this machine under the key, in the place of what was there. Who reads the key meanwhile
     * has the old or the new file, whole. A file that is not the content is not put.
     */
    void put(Path part, String key, Content content) throws StorageException;

    /** Whether the key has exactly that content. */
    boolean holds(String key, Content content) throws StorageException;

    /** How long the file is; empty = there is none. */
    OptionalLong size(String key) throws StorageException;

    /** The file's bytes. */
    InputStream open(String key) throws StorageException;

    /** The file as programs of this machine can read it; empty = there is none. */
    Optional<LocalFile> local(String key) throws StorageException;

    /**
     * Has the other key hold the same content, as {@link #put} does, without carrying it through this process where that can be
     * spared. False when the first key does not have that content.
     */
    boolean copy(String from, String to, Content content) throws StorageException;

    /** Removes the file, when there is one, and the folders that are empty then. */
    void delete(String key) throws StorageException;

    /** Ends the start when it cannot be used as it is configured; says so and goes on when it is only away. */
    void check();

    /** Whether other machines see the same files, whatever folders they share. */
    boolean isRemote();
}
