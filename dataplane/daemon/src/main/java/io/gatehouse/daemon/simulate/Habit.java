// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.simulate;

/** How a peer behaves: a function of the time alone, so that a simulation can be repeated. */
enum Habit {
  /** Is there and works: asks for pages and files, now more, now less. */
  WORKS {
    @Override
    Moment at(long second, int phase) {
      return new Moment(true, 0, 2_000, wave(second, phase, 25_000), false);
    }
  },
  /** Is there and talks: as much one way as the other, evenly. */
  TALKS {
    @Override
    Moment at(long second, int phase) {
      return new Moment(true, 0, 10_000, 10_000, false);
    }
  },
  /** Is there for two and a half minutes and gone for one and a half, from elsewhere each time. */
  COMES_AND_GOES {
    @Override
    Moment at(long second, int phase) {
      long round = second + phase;
      boolean online = round % 240 < 150;
      return new Moment(online, (int) (round / 240), 3_000, wave(second, phase, 15_000), false);
    }
  },
  /** Is under way: the address is another one every 45 seconds, and the sessions go on. */
  ROAMS {
    @Override
    Moment at(long second, int phase) {
      return new Moment(true, (int) ((second + phase) / 45), 2_000, 8_000, false);
    }
  },
  /** Downloads as much as it gets, until its quota is used up. */
  DOWNLOADS {
    @Override
    Moment at(long second, int phase) {
      return new Moment(true, 0, 4_000, 120_000, false);
    }
  },
  /** Is there, and does what a gateway must not take: {@link Mischief}. */
  MISBEHAVES {
    @Override
    Moment at(long second, int phase) {
      return new Moment(true, 0, 1_000, 2_000, true);
    }
  },
  /** Answers, and never begins. */
  LISTENS {
    @Override
    Moment at(long second, int phase) {
      return new Moment(true, 0, 0, 0, false);
    }
  },
  /** Never comes. */
  STAYS_AWAY {
    @Override
    Moment at(long second, int phase) {
      return new Moment(false, 0, 0, 0, false);
    }
  };

  /**
   * What a peer does in one second.
   *
   * @param online whether it is there at all
   * @param place number of where it is; it moves when that changes
   * @param sends octets of inner packets
   * @param wants octets that it asks for
   * @param mischief whether it misbehaves
   */
  record Moment(boolean online, int place, int sends, int wants, boolean mischief) {}

  /**
   * What it does.
   *
   * @param second since the beginning
   * @param phase 0 to 239, so that not all do the same at once
   */
  abstract Moment at(long second, int phase);

  private static int wave(long second, int phase, int mean) {
    return (int) (mean * (1 + 0.6 * Math.sin((second + phase) * 2 * Math.PI / 90)));
  }
}
