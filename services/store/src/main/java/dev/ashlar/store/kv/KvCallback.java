package dev.ashlar.store.kv;

import dev.ashlar.raft.Command;

/** Who waits for a command. Exactly one method is called, once, on the engine thread or the submitter's; must not block. */
public interface KvCallback {
    /** Nobody waits, and nobody minds when it is not applied. */
    KvCallback NOBODY = new KvCallback() {
        @Override
        public void applied(KvResult result) {}

        @Override
        public void failed(Command.Failure failure) {}
    };

    /** It was applied, and readers of this replica see its effect. */
    void applied(KvResult result);

    /** It was not, or may not have been, applied. */
    void failed(Command.Failure failure);
}
