package dev.ashlar.store.http;

import dev.ashlar.common.error.ApiException;
import dev.ashlar.common.error.ErrorCode;
import dev.ashlar.common.key.ShardHash;
import dev.ashlar.store.kv.Fence;

/**
 * Which fences can be checked: those whose lock lives in the shard of the write, since one log then decides both. A check in
 * another shard could be overtaken by the next holder before the write is applied; rather than promise what cannot be kept,
 * it is refused (ADR 009).
 */
public final class Fences {
    private Fences() {}

    /** Throws {@code cross_shard} unless the lock lives in the shard. */
    public static void check(Fence fence, int shard, int shards) {
        int lockShard = ShardHash.shardOf(fence.lock(), shards);
        if (lockShard != shard) {
            throw new ApiException(
                    ErrorCode.CROSS_SHARD,
                    "the lock of Ashlar-Fencing lives in shard " + lockShard + " and what is written in shard " + shard
                            + ", so the check could not be atomic. Give both names one {tag}, such as lock/{job-7} and "
                            + "state/{job-7}. Nothing was changed");
        }
    }
}
