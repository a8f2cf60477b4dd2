// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.history;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.eclipse.jgit.lib.Config;
import org.eclipse.jgit.lib.ConfigConstants;
import org.eclipse.jgit.storage.file.FileBasedConfig;
import org.eclipse.jgit.storage.file.WindowCacheConfig;
import org.eclipse.jgit.util.FS;
import org.eclipse.jgit.util.SystemReader;
import org.jspecify.annotations.Nullable;

/**
 * The settings of JGit: ours instead of those of the machine or of its user. So it starts no git to
 * ask where they are, and the repository has none of its own.
 */
final class OwnSettings extends SystemReader.Delegate {
  private static final int CACHE = 1 << 20;

  /**
   * How fine times of files are, at worst: a tick of the kernel's clock. JGit would otherwise find
   * out by writing files for seconds.
   */
  private static final Duration TIMESTAMPS = Duration.ofMillis(20);

  private OwnSettings(SystemReader machine) {
    super(machine);
  }

  /** Before anything else of JGit is used. Idempotent. */
  static synchronized void install() {
    if (SystemReader.getInstance() instanceof OwnSettings) {
      return;
    }
    SystemReader.setInstance(new OwnSettings(SystemReader.getInstance()));
    WindowCacheConfig caches = new WindowCacheConfig();
    caches.setPackedGitLimit(CACHE);
    caches.setDeltaBaseCacheLimit(CACHE);
    caches.install();
  }

  @Override
  public @Nullable String getenv(String variable) {
    return null;
  }

  @Override
  public FileBasedConfig openUserConfig(Config parent, FS fs) {
    FileBasedConfig config = new Nothing(parent, fs);
    config.setBoolean("core", null, "fsyncObjectFiles", true);
    config.setBoolean("core", null, "fsyncRefFiles", true);
    // The data plane's heap is small, and its processors are for packets.
    config.setInt("pack", null, "threads", 1);
    config.setInt("pack", null, "windowMemory", 16 << 20);
    config.setInt("pack", null, "deltaCacheSize", CACHE);
    config.setInt("pack", null, "bigFileThreshold", 4 << 20);
    config.setBoolean("pack", null, "buildBitmaps", false);
    // No other process is about to refer to what nobody refers to.
    config.setString("gc", null, "pruneExpire", "now");
    config.setString("gc", null, "prunePackExpire", "now");
    config.setInt("gc", null, "auto", 0);
    return config;
  }

  @Override
  public FileBasedConfig openSystemConfig(Config parent, FS fs) {
    return new Nothing(parent, fs);
  }

  @Override
  public FileBasedConfig openJGitConfig(Config parent, FS fs) {
    return new Nothing(parent, fs);
  }

  /** Settings that are in no file. */
  private static final class Nothing extends FileBasedConfig {
    Nothing(@Nullable Config parent, FS fs) {
      super(parent, null, fs);
    }

    @Override
    public long getTimeUnit(
        String section, String subsection, String name, long otherwise, TimeUnit unit) {
      return section.equals(ConfigConstants.CONFIG_FILESYSTEM_SECTION)
          ? unit.convert(TIMESTAMPS)
          : super.getTimeUnit(section, subsection, name, otherwise, unit);
    }

    @Override
    public void load() {
      // Nothing to read.
    }

    @Override
    public void save() {
      // Nothing is kept.
    }

    @Override
    public boolean isOutdated() {
      return false;
    }
  }
}
